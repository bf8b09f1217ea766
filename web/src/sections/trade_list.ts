// The fills as a table, a page at a time.
import type { Candles, Trades } from '../contract';
import { card, empty, h } from '../dom';
import { dateTime, integer, money, plural, price, signed, significant, words } from '../format';

const pageSize = 25;

export function tradesCard(trades: Trades, candles: Candles[]): HTMLElement {
  if (trades.trades_shown === 0) return card('trades', 'Trades', null, empty('This run made no trades.'));
  const several = candles.length > 1;
  const columns = ['Time (UTC)', ...(several ? ['Symbol'] : []), 'Side', 'Quantity', 'Price', 'Fee', 'P&L', 'Reason'];
  const body = h('tbody');
  const pager = h('div', { class: 'pager' });
  const pages = Math.ceil(trades.trades_shown / pageSize);
  const show = (page: number): void => {
    const first = page * pageSize;
    const last = Math.min(first + pageSize, trades.trades_shown);
    body.replaceChildren(...range(first, last).map((i) => row(trades, candles, several, i)));
    pager.replaceChildren(
      step('First', page > 0, () => show(0)), step('Previous', page > 0, () => show(page - 1)),
      h('span', { 'aria-live': 'polite' }, `${integer(first + 1)} to ${integer(last)} of ${integer(trades.trades_shown)}`),
      step('Next', page < pages - 1, () => show(page + 1)), step('Last', page < pages - 1, () => show(pages - 1)));
  };
  show(0);
  return card('trades', 'Trades', tradesNote(trades),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of trades' },
      h('table', { class: 'list' },
        h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col', class: numeric.has(name) ? 'number' : '' }, name)))), body)),
    pages > 1 ? pager : null);
}

const numeric = new Set(['Quantity', 'Price', 'Fee', 'P&L']);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export function tradesNote(trades: Trades): string {
  if (trades.trades_shown === trades.trades_total) return plural(trades.trades_total, 'fill');
  return `${plural(trades.trades_total, 'fill')}; every ${ordinal(trades.stride)} is listed and marked here (${integer(trades.trades_shown)}), all are in trades.parquet`;
}

function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return n === 2 ? 'second' : `${integer(n)}${suffix}`;
}

function step(name: string, enabled: boolean, go: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'small', disabled: !enabled, click: go }, name);
}

function row(trades: Trades, candles: Candles[], several: boolean, i: number): HTMLElement {
  const buy = trades.side[i] === 1;
  const pnl = trades.pnl[i];
  const reason = trades.reason[i];
  return h('tr', {},
    h('td', {}, dateTime(trades.ts_ms[i] as number)),
    several ? h('td', {}, candles[trades.instrument[i] as number]?.symbol ?? '') : null,
    h('td', { class: buy ? 'gain' : 'loss' }, buy ? '▲ Buy' : '▼ Sell'),
    h('td', { class: 'number' }, significant(trades.quantity[i], 6)),
    h('td', { class: 'number' }, price(trades.price[i])),
    h('td', { class: 'number' }, money(trades.fee[i])),
    h('td', { class: `number ${typeof pnl !== 'number' || pnl === 0 ? '' : pnl > 0 ? 'gain' : 'loss'}` }, typeof pnl === 'number' ? signed(money(pnl)) : ''),
    h('td', {}, reason && reason !== 'none' ? words(reason) : ''));
}
