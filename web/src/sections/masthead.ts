// What was run and how it ended, in one glance.
import type { Halt, ReportData, Summary, Trades } from '../contract';
import { copyButton, h, type Child } from '../dom';
import { date, dateTime, integer, isoTime, money, notAvailable, percent, fixed, plural, signed, span, words } from '../format';
import { themeSwitch } from './theme_switch';

export function masthead(data: ReportData): HTMLElement {
  const { summary } = data;
  return h('header', { class: 'masthead' },
    h('div', { class: 'masthead-line' },
      h('div', {},
        h('p', { class: 'eyebrow' }, 'hftsim backtest'),
        h('h1', {}, words(summary.strategy)),
        h('p', { class: 'subtitle' }, symbols(data), ' · ', period(data))),
      themeSwitch()),
    h('dl', { class: 'tiles' }, ...tiles(summary, data.trades)),
    h('p', { class: 'hash' }, h('span', {}, 'Journal hash '), h('code', { 'data-key': 'journal_hash' }, summary.journal_hash), copyButton(summary.journal_hash, 'the journal hash')));
}

function symbols({ candles }: ReportData): string {
  const names = candles.map((table) => table.symbol);
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ') || 'no instrument';
}

function period({ summary, candles }: ReportData): string {
  const first = Date.parse(summary.data.first ?? '');
  const last = Date.parse(summary.data.last ?? '');
  const bars = plural(summary.bars, 'bar');
  if (Number.isNaN(first) || Number.isNaN(last)) return candles.length === 0 ? 'no bars' : bars;
  const short = last - first < 2 * 86_400_000;
  const range = short ? `${dateTime(first)} to ${dateTime(last)}` : `${date(first)} to ${date(last)}`;
  return `${range} UTC (${span(last - first)}, ${bars})`;
}

const tone = (value: number | null | undefined): string => (typeof value !== 'number' || value === 0 ? '' : value > 0 ? 'gain' : 'loss');

function tile(label: string, key: string, value: string, detail: Child, className = ''): HTMLElement {
  return h('div', { class: 'tile' }, h('dt', {}, label), h('dd', { class: `value ${className}`, 'data-key': key }, value),
    detail ? h('dd', { class: 'detail' }, detail) : null);
}

function tiles(summary: Summary, trades: Trades): HTMLElement[] {
  const { metrics } = summary;
  const total = metrics['total_return'];
  const deepest = metrics['max_drawdown'];
  const depth = typeof deepest === 'number' ? Math.abs(deepest) : null;
  return [
    tile('Final equity', 'final_equity', money(summary.final_equity), `${summary.currency ?? ''} from ${money(summary.initial_capital)}`.trim()),
    tile('Return', 'metrics.total_return', signed(percent(total)), `Realised ${signed(money(summary.realized_pnl))}`, tone(total)),
    tile('Max drawdown', 'metrics.max_drawdown', percent(depth), 'below the running peak', depth ? 'loss' : ''),
    tile('Sharpe', 'metrics.sharpe', fixed(metrics['sharpe'], 2), metrics['sharpe'] === null ? 'undefined here' : 'annualised'),
    tile('Fills', 'trades', integer(summary.trades), sentOrders(summary, trades)),
    tile('Fees', 'fees', money(summary.fees), feeShare(summary)),
  ];
}

// What a bracket's stop and target fill comes from no order that was sent.
const sentOrders = ({ orders }: Summary, { by_brackets }: Trades): string =>
  by_brackets > 0 ? `${plural(orders, 'order')} sent; ${plural(by_brackets, 'fill')} by brackets` : `from ${plural(orders, 'order')}`;

const feeShare = ({ fees, initial_capital }: Summary): string =>
  initial_capital > 0 ? `${percent(fees / initial_capital)} of the capital` : notAvailable;

// The run did not get to its end, and says so before any number.
export function partialBanner(summary: Summary): HTMLElement | null {
  if (!summary.partial) return null;
  return h('div', { class: 'banner', role: 'alert', id: 'partial' },
    h('strong', {}, 'Partial run. '),
    `It was cut off${summary.partial_reason ? `: ${summary.partial_reason}` : ''}. Everything below covers ${plural(summary.bars, 'bar')} up to ${isoTime(summary.data.last)} only.`);
}

// New orders had been stopped when the run ended: the figures cover a strategy that could not act.
export function haltedBanner(halted: Halt[]): HTMLElement | null {
  if (halted.length === 0) return null;
  const line = ({ reason, since_ns, bars }: Halt): string =>
    `No order was let through since ${dateTime(since_ns / 1e6)}: ${words(reason).toLowerCase()} (${plural(bars, 'bar')}).`;
  return h('div', { class: 'banner', role: 'alert', id: 'halted' }, h('strong', {}, 'Halted. '), halted.map(line).join(' '));
}
