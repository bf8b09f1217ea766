// The charts over time: one window for all of them.
import { candleChart, markerSeries } from '../charts/candles';
import { ChartPlace } from '../charts/chart';
import { drawdownChart } from '../charts/drawdown';
import { equityChart } from '../charts/equity';
import { quantileRange, type AxisRange } from '../charts/quantile_range';
import { rollingSharpeChart } from '../charts/rolling_sharpe';
import { rollingVolatilityChart } from '../charts/rolling_volatility';
import { TimeWindow } from '../charts/time_window';
import type { Candles, Equity, ReportData, Trades } from '../contract';
import { card, empty, h } from '../dom';
import { integer, plural, short } from '../format';
import { colours } from '../theme';
import { listenForKeys, timeToolbar } from './time_toolbar';
import { sampleNote } from './trade_list';

export interface TimeCharts {
  element: HTMLElement; // price, equity, drawdown
  rolling: HTMLElement; // Sharpe and volatility
  places: ChartPlace[];
  joined: () => void; // call when drawn
}

export function timeCharts(data: ReportData): TimeCharts {
  const window = new TimeWindow(...extent(data));
  const places: ChartPlace[] = [];
  const place = (chart: ChartPlace): HTMLElement => {
    chart.element.tabIndex = 0;
    places.push(chart);
    return chart.element;
  };
  const price = priceCard(data, window, place);
  const hasEquity = data.equity.ts_ms.length > 0;
  const equity = card('equity', 'Equity against buy-and-hold', bucketNote(data.equity),
    hasEquity ? place(new ChartPlace(equityChart(data.equity, data.summary.initial_capital, window))) : empty('No equity was recorded.'));
  const drawdown = card('drawdown', 'Drawdown', 'percent below the running peak',
    hasEquity ? place(new ChartPlace(drawdownChart(data.equity, window))) : empty('No equity was recorded.'));
  const element = h('div', { class: 'stack' }, timeToolbar(window), price.element, equity, drawdown);
  const rolling = rollingCards(data, window, place);
  listenForKeys(window);
  return { element, rolling, places, joined: () => { places.forEach((chart) => window.join(chart.instance)); price.joined(); } };
}

function extent({ candles, equity }: ReportData): [number, number] {
  const all = [equity.ts_ms, ...candles.map((table) => table.ts_ms)].filter((times) => times.length > 0);
  if (all.length === 0) return [0, 1];
  const first = Math.min(...all.map((times) => times[0] as number));
  const last = Math.max(...all.map((times) => times[times.length - 1] as number));
  return [first, Math.max(last, first + 1)];
}

function candleNote(table: Candles): string {
  if (table.bars_per_bucket <= 1) return plural(table.bars, 'bar');
  return `${plural(table.bars, 'bar')} shown as ${plural(table.ts_ms.length, 'bucket')} of ${integer(table.bars_per_bucket)}: min/max kept`;
}

function bucketNote(equity: Equity): string | null {
  if (equity.points_per_bucket <= 1) return null;
  return `${plural(equity.points, 'mark')} shown as ${plural(equity.ts_ms.length, 'bucket')} of ${integer(equity.points_per_bucket)}: min/max kept (band)`;
}

function priceCard(data: ReportData, window: TimeWindow, place: (chart: ChartPlace) => HTMLElement): { element: HTMLElement; joined: () => void } {
  if (data.candles.every((table) => table.ts_ms.length === 0))
    return { element: card('price', 'Price and trades', null, empty('No bars were read.')), joined: () => undefined };
  let instrument = 0;
  const source = () => ({ candles: data.candles[instrument] as Candles, trades: data.trades, instrument, window });
  const chart = new ChartPlace(candleChart(source));
  const note = h('span');
  const marked = h('p', { class: 'after' });
  const describe = (): void => {
    note.textContent = candleNote(source().candles);
    marked.textContent = markerNote(data.trades, source().candles.symbol, instrument);
  };
  const choose = (index: number): void => {
    instrument = index;
    describe();
    chart.refresh();
  };
  describe();
  const element = card('price', 'Price and trades', note, 
    data.candles.length > 1 ? selector(data.candles, choose) : null, place(chart), marked);
  return { element, joined: () => followWindow(chart, window, source) };
}

// Of the instrument shown.
function markerNote(trades: Trades, symbol: string, instrument: number): string {
  if (trades.trades_total === 0) return 'This run made no trades.';
  const fills = trades.by_instrument[instrument] ?? 0;
  const shared = fills > 1 ? '; close ones share a marker until you zoom in' : '';
  return `${plural(fills, 'fill')} in ${symbol}${sampleNote(trades)}${shared}.`;
}

function selector(candles: Candles[], choose: (index: number) => void): HTMLElement {
  const select = h('select', { id: 'instrument' }, ...candles.map((table, i) => h('option', { value: i }, table.symbol)));
  select.addEventListener('change', () => choose(Number(select.value)));
  return h('p', { class: 'selector' }, h('label', { for: 'instrument' }, 'Instrument'), select);
}

// Markers split up as the window narrows.
function followWindow(chart: ChartPlace, window: TimeWindow, source: () => Parameters<typeof markerSeries>[0]): void {
  let waiting = false;
  window.onChange(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      chart.instance.setOption({ series: markerSeries(source(), { theme: colours(), narrow: chart.element.clientWidth < 560 }) });
    });
  });
}

function rollingCards({ rolling, equity }: ReportData, window: TimeWindow, place: (chart: ChartPlace) => HTMLElement): HTMLElement {
  const { sharpe, volatility } = rolling;
  const full = volatility.some((value) => value !== null);
  const moved = equity.max.some((high, i) => high !== equity.min[0] || equity.min[i] !== high);
  const why = !moved ? 'Equity never moved.' : full ? 'Equity all but stood still in every window.' : 'The run is shorter than the window.';
  const over = `over ${plural(rolling.window_bars, 'bar')}, annualised`;
  const still = sharpe.some((value, i) => value === null && volatility[i] !== null);
  const range = quantileRange(sharpe);
  const sharpeNote = over + (still ? '; no line where equity all but stood still' : '') + clippedNote(range);
  return h('div', { class: 'pair' },
    card('rolling-sharpe', 'Rolling Sharpe', sharpeNote,
      sharpe.some((value) => value !== null) ? place(new ChartPlace(rollingSharpeChart(rolling, range, window))) : empty(why)),
    card('rolling-volatility', 'Rolling volatility', over,
      volatility.some((value) => value) ? place(new ChartPlace(rollingVolatilityChart(rolling, window))) : empty(why)));
}

const clippedNote = (range: AxisRange | undefined): string =>
  range ? `; the axis ends at ${short(range.low)} and ${short(range.high)}: ${plural(range.beyond, 'point')} beyond` : '';
