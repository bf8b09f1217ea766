// Where the data came from and what was wrong with it.
import type { DataSource, Finding, Summary } from '../contract';
import { card, copyButton, empty, h, type Child } from '../dom';
import { integer, isoTime, notAvailable, plural, words } from '../format';

const shownPerKind = 20;

export function dataCard(summary: Summary): HTMLElement {
  const { data } = summary;
  const total = data.findings.reduce((sum, finding) => sum + finding.count, 0);
  return card('data', 'Data', total > 0 ? plural(total, 'finding') : null,
    h('dl', { class: 'facts' }, ...source(data), fact('Bars', integer(summary.bars), 'bars'), fact('Warm bars', integer(summary.warm_bars), 'warm_bars')),
    h('h3', {}, 'Findings'),
    data.findings.length === 0 ? empty('None: no gaps, duplicates or impossible bars.') : h('div', {}, ...data.findings.map(findingRow)));
}

export const fact = (name: string, value: Child, key?: string): HTMLElement =>
  h('div', {}, h('dt', {}, name), h('dd', { 'data-key': key }, value));

function source(data: DataSource): HTMLElement[] {
  const hash = data.sha256;
  return [
    fact('Source', h('code', {}, data.path)),
    fact('First bar opens', isoTime(data.first)),
    fact('Last bar closes', isoTime(data.last)),
    fact('SHA-256', hash ? h('span', { class: 'with-button' }, h('code', { title: hash }, `${hash.slice(0, 16)}…`), copyButton(hash, 'the SHA-256 of the data')) : notAvailable),
  ];
}

function findingRow(finding: Finding): HTMLElement {
  const rows = finding.listed.slice(0, shownPerKind);
  const first = rows[0];
  return h('details', { class: 'finding' },
    h('summary', {}, h('strong', {}, words(finding.kind)), h('span', { class: 'count', 'data-key': `findings.${finding.kind}` }, integer(finding.count)),
      first ? h('span', { class: 'muted' }, `first ${isoTime(first.time)}, ${first.action}`) : null),
    h('div', { class: 'scroll' }, h('table', { class: 'list' },
      h('thead', {}, h('tr', {}, ...['Time (UTC)', 'Symbol', 'What', 'Done'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, h('td', {}, isoTime(row.time)), h('td', {}, row.symbol), h('td', {}, row.value), h('td', {}, row.action)))))),
    finding.count > rows.length ? h('p', { class: 'note' }, `The first ${rows.length} of ${integer(finding.count)}.`) : null);
}
