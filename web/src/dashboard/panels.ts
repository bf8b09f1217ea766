// Numbers and tables of the dashboard. Built once; later only the texts that differ are written.
import { h } from '../dom';
import { bytes, fixed, integer, money, notAvailable, percent, plural, signed, significant, words } from '../format';
import type { Maybe } from '../contract';
import type { Link } from './connection';
import type { Fill, LogLine, Order, SessionInfo, Side, Signal, State, Trade } from './contract';
import { LiveTable, type Column } from './live_table';
import { timeOfDay } from './time_of_day';

export const put = (element: HTMLElement, text: string, tone?: string): void => {
  if (element.textContent !== text) element.textContent = text;
  if (tone !== undefined && element.dataset['tone'] !== tone) element.dataset['tone'] = tone;
};

const toneOf = (value: number): string => (value > 0 ? 'gain' : value < 0 ? 'loss' : '');
const msText = (ms: Maybe | undefined): string => (typeof ms !== 'number' ? notAvailable : ms < 1000 ? `${integer(ms)} ms` : `${fixed(ms / 1000, 1)} s`);

// A list of names and values that keeps its elements.
export class Facts {
  readonly element: HTMLElement;
  private readonly values = new Map<string, HTMLElement>();

  constructor(names: string[], className = 'facts') {
    this.element = h('dl', { class: className }, ...names.map((name) => {
      const value = h('dd', { 'data-fact': name, class: className === 'tiles' ? 'value' : '' });
      this.values.set(name, value);
      return h('div', { class: className === 'tiles' ? 'tile' : '' }, h('dt', {}, name), value);
    }));
  }

  set(name: string, text: string, tone = ''): void {
    const value = this.values.get(name);
    if (value) put(value, text, tone);
  }
}

export const tiles = (): Facts => new Facts(['Equity', 'Return', 'Drawdown', 'Realised', 'Fees', 'Risk'], 'tiles');

export function showTiles(facts: Facts, state: State, initial: number): void {
  facts.set('Equity', money(state.equity));
  facts.set('Return', signed(percent(state.equity / initial - 1)), toneOf(state.equity - initial));
  facts.set('Drawdown', percent(state.drawdown_pct / 100), state.drawdown_pct > 0 ? 'loss' : '');
  facts.set('Realised', signed(money(state.realized)), toneOf(state.realized));
  facts.set('Fees', money(state.fees));
  facts.set('Risk', words(state.risk.state), state.risk.state === 'running' ? '' : 'loss');
}

export const feedFacts = (): Facts => new Facts(['Feed', 'Last message', 'Messages', 'Events', 'Reconnects', 'Gaps', 'Repaired bars', 'Repaired trades', 'Late bars', 'Duplicates', 'Malformed', 'Recording', 'In the recording', 'Missing in it']);

export function showFeed(facts: Facts, { feed, recording }: State, link: Link): void {
  facts.set('Feed', feed.connected ? 'connected' : `not connected${feed.trouble ? `: ${feed.trouble}` : ''}`, feed.connected ? '' : 'loss');
  facts.set('Last message', typeof feed.age_ms === 'number' ? `${msText(feed.age_ms + (link.connected ? 0 : link.ageMs ?? 0))} ago` : 'none yet');
  const counts: [string, number][] = [['Messages', feed.messages], ['Events', feed.events], ['Reconnects', feed.reconnects], ['Gaps', feed.gaps], ['Repaired bars', feed.repaired_bars],
    ['Repaired trades', feed.repaired_trades], ['Late bars', feed.late_bars], ['Duplicates', feed.duplicates], ['Malformed', feed.malformed]];
  for (const [name, count] of counts) facts.set(name, integer(count), name === 'Gaps' && count > 0 ? 'loss' : '');
  facts.set('Recording', !recording ? 'none' : recording.ok ? recording.file : `failing: ${recording.trouble ?? 'events are missing'}`, recording && !recording.ok ? 'loss' : '');
  facts.set('In the recording', recording ? `${plural(recording.events, 'event')}, ${bytes(recording.bytes)}` : notAvailable);
  facts.set('Missing in it', recording ? plural(recording.dropped_events, 'event') : notAvailable, recording?.dropped_events ? 'loss' : '');
}

// A table with fixed rows and columns, told apart by the name in front.
export class Grid {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly rows = new Map<string, { line: HTMLElement; cells: HTMLElement[] }>();

  constructor(label: string, private readonly titles: string[]) {
    this.element = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${label}, table` },
      h('table', { class: 'list' }, h('thead', {}, h('tr', {}, ...titles.map((title, i) => h('th', { scope: 'col', class: i > 0 ? 'number' : '' }, title)))), this.body));
  }

  set(name: string, texts: string[]): void {
    let row = this.rows.get(name);
    if (!row) {
      const cells = this.titles.slice(1).map(() => h('td', { class: 'number' }));
      row = { cells, line: h('tr', {}, h('th', { scope: 'row' }, name), ...cells) };
      this.rows.set(name, row);
      this.body.append(row.line);
    }
    row.cells.forEach((cell, i) => put(cell, texts[i] ?? ''));
  }

  filter(part: string): void {
    for (const [name, { line }] of this.rows) line.hidden = !name.toLowerCase().includes(part);
  }
}

export function showPositions(grid: Grid, { positions }: State): void {
  for (const { symbol, quantity, entry, mark, unrealized } of positions)
    grid.set(symbol, [significant(quantity), entry === null ? 'flat' : significant(entry, 8), significant(mark, 8), signed(money(unrealized))]);
}

export function showLatency(grid: Grid, { latency }: State): void {
  const us = (value: number): string => significant(value, 3);
  for (const { stage, count, p50_us, p99_us, p999_us, max_us } of latency) grid.set(words(stage), [us(p50_us), us(p99_us), us(p999_us), us(max_us), integer(count)]);
}

export class FeatureTable {
  private readonly grid = new Grid('Features of the last bar', ['Feature', 'Value']);
  private readonly search = h('input', { type: 'search', 'aria-label': 'Search features', placeholder: 'Search features' }) as HTMLInputElement;
  readonly element = h('div', {}, this.search, this.grid.element);

  constructor() {
    this.grid.element.classList.add('live-list');
    this.search.addEventListener('input', () => this.grid.filter(this.search.value.trim().toLowerCase()));
  }

  show(names: string[], values: Maybe[] | undefined): void {
    names.forEach((name, i) => this.grid.set(name, [significant(values?.[i], 6)]));
  }
}

const time = <Row extends { t: number }>(): Column<Row> => ({ title: 'Time', text: ({ t }) => timeOfDay(t) });
const sideColumn = <Row extends { side: Side }>(): Column<Row> => ({ title: 'Side', text: ({ side }) => (side === 'buy' ? '▲ Buy' : '▼ Sell'), tone: ({ side }) => (side === 'buy' ? 'gain' : 'loss') });
const symbolColumn = <Row extends { symbol: string }>(): Column<Row> => ({ title: 'Symbol', text: ({ symbol }) => symbol });

const priceOf = (session: () => SessionInfo | undefined) => (symbol: string, value: Maybe): string =>
  typeof value === 'number' ? fixed(value, Math.min(8, session()?.symbols.find((one) => one.symbol === symbol)?.price_decimals ?? 2)) : 'market';

export function liveTables(session: () => SessionInfo | undefined) {
  const price = priceOf(session);
  const priced = <Row extends { symbol: string; price: Maybe }>(): Column<Row> => ({ title: 'Price', number: true, text: (row) => price(row.symbol, row.price) });
  const sized = <Row extends { quantity: Maybe }>(): Column<Row> => ({ title: 'Quantity', number: true, text: ({ quantity }) => (quantity === null ? '–' : significant(quantity)) });
  return {
    trades: new LiveTable<Trade>('Trades of the market', [time(), sideColumn(), priced(), sized()], 'No trade yet.'),
    signals: new LiveTable<Signal>('Signals', [time(), symbolColumn(), sideColumn(), { title: 'Probability', number: true, text: ({ probability }) => percent(probability, 1) },
      { title: 'Confidence', number: true, text: ({ confidence }) => percent(confidence, 0) }, priced()], 'No signal yet.'),
    orders: new LiveTable<Order>('Orders', [time(), symbolColumn(), sideColumn(), { title: 'Type', text: ({ type }) => type }, sized(), priced(),
      { title: 'Status', text: ({ status, reason }) => (reason ? `${status}: ${words(reason).toLowerCase()}` : status) }], 'No order yet.'),
    fills: new LiveTable<Fill>('Fills', [time(), symbolColumn(), sideColumn(), sized(), priced(), { title: 'Fee', number: true, text: ({ fee }) => significant(fee, 4) },
      { title: 'As', text: ({ liquidity }) => liquidity }], 'No fill yet.'),
    log: new LiveTable<LogLine>('Log', [time(), { title: 'Level', text: ({ level }) => level, tone: ({ level }) => (level === 'info' ? '' : 'loss') }, { title: 'Line', text: ({ text }) => text }], 'Nothing was said yet.'),
  };
}
