// Every metric, under its heading.
import type { Metric } from '../contract';
import { card, empty, h } from '../dom';
import { metric } from '../format';

export function metricsCard(table: Metric[]): HTMLElement {
  const groups = new Map<string, Metric[]>();
  for (const entry of table) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  const note = table.some((entry) => entry.value === null) ? 'n/a: undefined for this run' : null;
  return card('metrics', 'Metrics', note,
    table.length === 0 ? empty('No metrics.') : h('div', { class: 'groups' }, ...[...groups].map(([name, entries]) => group(name, entries))));
}

const group = (name: string, entries: Metric[]): HTMLElement =>
  h('table', { class: 'pairs' },
    h('caption', {}, name),
    h('tbody', {}, ...entries.map((entry) =>
      h('tr', {},
        h('th', { scope: 'row' }, entry.label),
        h('td', { 'data-key': `metric.${entry.key}`, class: entry.value === null ? 'absent' : '' }, metric(entry.value, entry.unit))))));
