// The fills as a table, a page at a time.
import type { Candles, Trades } from '../contract';
import { card, empty, h } from '../dom';
import { dateTime, fixed, integer, money, plural, priceDecimals, signed, significant, words } from '../format';

const pageSize = 25;

export function tradesCard(trades: Trades, candles: Candles[]): HTMLElement {
  if (trades.trades_shown === 0) return card('trades', 'Trades', null, empty('This run made no trades.'));
  const shape: Shape = { several: candles.length > 1, decimals: candles.map((_, i) => decimalsOf(trades, i)) };
  const columns = ['Time (UTC)', ...(shape.several ? ['Symbol'] : []), 'Side', 'Quantity', 'Price', 'Fee', beforeFees, 'Reason'];
  const body = h('tbody');
  const pager = h('div', { class: 'pager' });
  const pages = Math.ceil(trades.trades_shown / pageSize);
  const show = (page: number): void => {
    const first = page * pageSize;
    const last = Math.min(first + pageSize, trades.trades_shown);
    body.replaceChildren(...range(first, last).map((i) => row(trades, candles, shape, i)));
    pager.replaceChildren(
      step('First', page > 0, () => show(0)), step('Previous', page > 0, () => show(page - 1)),
      h('span', { 'aria-live': 'polite' }, `${integer(first + 1)} to ${integer(last)} of ${integer(trades.trades_shown)}`),
      step('Next', page < pages - 1, () => show(page + 1)), step('Last', page < pages - 1, () => show(pages - 1)));
  };
  show(0);
  return card('trades', 'Trades', plural(trades.trades_total, 'fill') + sampleNote(trades),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of trades' },
      h('table', { class: 'list trades' },
        h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col', class: numeric.has(name) ? 'number' : '' }, name)))), body)),
    pages > 1 ? pager : null);
}

const beforeFees = 'P&L before fees';
const numeric = new Set(['Quantity', 'Price', 'Fee', beforeFees]);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

interface Shape {
  several: boolean; // instruments
  decimals: number[]; // of each one's prices
}

const decimalsOf = (trades: Trades, instrument: number): number =>
  priceDecimals(trades.price.filter((_, i) => trades.instrument[i] === instrument));

// Behind a number of fills: how many of them the page holds.
export const sampleNote = (trades: Trades): string =>
  trades.stride === 1 ? '' : `; every ${ordinal(trades.stride)} is listed and marked here, all are in trades.parquet`;

function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return n === 2 ? 'second' : `${integer(n)}${suffix}`;
}

function step(name: string, enabled: boolean, go: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'small', disabled: !enabled, click: go }, name);
}

function row(trades: Trades, candles: Candles[], { several, decimals }: Shape, i: number): HTMLElement {
  const buy = trades.side[i] === 1;
  const pnl = trades.pnl[i];
  const reason = trades.reason[i];
  const instrument = trades.instrument[i] as number;
  const tone = typeof pnl !== 'number' || pnl === 0 ? '' : pnl > 0 ? 'gain' : 'loss';
  return h('tr', {},
    cell('time', '', dateTime(trades.ts_ms[i] as number)),
    several ? cell('symbol', '', candles[instrument]?.symbol ?? '') : null,
    cell(`side ${buy ? 'gain' : 'loss'}`, '', buy ? '▲ Buy' : '▼ Sell'),
    cell('quantity number', 'Quantity', significant(trades.quantity[i], 6)),
    cell('price number', 'Price', fixed(trades.price[i], decimals[instrument] ?? 2)),
    cell('fee number', 'Fee', money(trades.fee[i])),
    cell(`pnl number ${tone}`, beforeFees, typeof pnl === 'number' ? signed(money(pnl)) : ''),
    cell('reason', '', reason && reason !== 'none' ? words(reason) : ''));
}

// `label` is what a phone shows in front, where the rows stand without their headings.
const cell = (name: string, label: string, text: string): HTMLElement => h('td', { class: name, 'data-label': text && label ? label : undefined }, text);
