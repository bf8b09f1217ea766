// What the strategy wanted and what was refused.
import type { Summary, Trades } from '../contract';
import { card, empty, h } from '../dom';
import { integer, percent, plural, words } from '../format';

export function signalsCard({ signals, orders, trades, warm_bars }: Summary, { by_brackets }: Trades): HTMLElement {
  const rows: [string, string, number][] = [
    ['Buy', 'signals.buy', signals.buy], ['Sell', 'signals.sell', signals.sell], ['Hold', 'signals.hold', signals.hold],
  ];
  return card('signals', 'Signals', `${plural(signals.total, 'signal')} on ${plural(warm_bars, 'warm bar')}`,
    barTable('Signals by side', rows.map(([name, key, count]) => ({ name, key, count })), signals.total),
    h('p', { class: 'after' }, `${plural(orders, 'order')} sent led to ${plural(trades - by_brackets, 'fill')}${bracketFills(by_brackets)}.`));
}

const bracketFills = (count: number): string => (count > 0 ? `; ${plural(count, 'more fill')} came from brackets’ stops and targets` : '');

export function refusalsCard({ refusals }: Summary): HTMLElement {
  const rows = Object.entries(refusals).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  return card('refusals', 'Refusals', total > 0 ? `${integer(total)} in all; each is in the journal` : null,
    rows.length === 0 ? empty('Nothing was refused.')
      : barTable('Refusals by reason', rows.map(([reason, count]) => ({ name: words(reason), key: `refusals.${reason}`, count })), total));
}

interface Row {
  name: string;
  key: string;
  count: number;
}

// Counts with their share as a bar behind them.
const barTable = (caption: string, rows: Row[], total: number): HTMLElement =>
  h('table', { class: 'bars' },
    h('caption', { class: 'hidden' }, caption),
    h('tbody', {}, ...rows.map(({ name, key, count }) => {
      const share = total > 0 ? count / total : 0;
      return h('tr', {},
        h('th', { scope: 'row' }, name),
        h('td', { class: 'bar-cell', 'aria-hidden': 'true' }, count > 0 ? h('span', { class: 'bar', style: `width:${(share * 100).toFixed(2)}%` }) : null),
        h('td', { 'data-key': key }, integer(count)),
        h('td', { class: 'share' }, percent(share, 1)));
    })));
