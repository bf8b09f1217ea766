// Candles and volume of one instrument with its fills. A candle that rose is hollow, one that fell is filled:
// the two differ without colour.
import type { Candles, Trades } from '../contract';
import { axisPrice, dateTime, fixed, money, plural, price, short, signed, significant } from '../format';
import type { ChartDefinition, View } from './chart';
import type { Option } from './echarts';
import { nearest } from './search';
import { axisHeight, axisText, grid, legend, tipTable, tooltip, valueAxis } from './style';
import type { TimeWindow } from './time_window';
import { fillsBetween, markers, type Marker } from './trade_markers';

export interface CandleSource {
  candles: Candles;
  trades: Trades;
  instrument: number;
  window: TimeWindow;
}

const upTriangle = 'path://M0 9L10 9L5 0Z';
const downTriangle = 'path://M0 0L10 0L5 9Z';
const slicesWide = 70;
const slicesNarrow = 30;

export const candleChart = (source: () => CandleSource): ChartDefinition => ({
  id: 'candles',
  summary: 'Price candles with volume and the fills of the run',
  height: 472,
  option: (view) => option(source(), view),
});

function option(source: CandleSource, view: View): Option {
  const { candles, window } = source;
  const bottom = 36 + axisHeight; // the slider below
  return {
    legend: legend(view, [{ name: 'Price', icon: 'rect' }, { name: 'Buy', icon: upTriangle }, { name: 'Sell', icon: downTriangle }]),
    tooltip: tooltip(view, { formatter: (items: { axisValue: number }[]) => tip(source, items[0]?.axisValue) }),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [grid(32, bottom + 84), grid(0, bottom, { top: undefined, height: 56 })],
    xAxis: [window.axis(view, { gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } }), window.axis(view, { gridIndex: 1 })],
    yAxis: [
      valueAxis(view, { gridIndex: 0, scale: true, axisLabel: axisText(view, axisPrice) }),
      valueAxis(view, { gridIndex: 1, splitNumber: 2, splitLine: { show: false }, axisLabel: axisText(view, short) }),
    ],
    dataZoom: window.zoomControls(view, [0, 1], true),
    series: [candleSeries(candles, view), volumeSeries(candles, view), ...markerSeries(source, view)],
  };
}

function candleSeries(candles: Candles, view: View): object {
  const { gain, loss, surface } = view.theme;
  return {
    name: 'Price',
    type: 'candlestick',
    data: candles.ts_ms.map((ts, i) => [ts, candles.open[i], candles.close[i], candles.low[i], candles.high[i]]),
    itemStyle: { color: surface, color0: loss, borderColor: gain, borderColor0: loss },
    barMaxWidth: 14,
    barMinWidth: 1,
    progressive: 0,
  };
}

const volumeSeries = (candles: Candles, view: View): object => ({
  name: 'Volume',
  type: 'bar',
  xAxisIndex: 1,
  yAxisIndex: 1,
  data: candles.ts_ms.map((ts, i) => [ts, candles.volume[i] ?? '-']),
  itemStyle: { color: view.theme.muted, opacity: 0.55 },
  barMaxWidth: 14,
  barMinWidth: 1,
  progressive: 0,
});

// Also called on its own when the window moves.
export function markerSeries(source: CandleSource, view: View): object[] {
  const { window, trades, instrument } = source;
  const all = markers(trades, instrument, window.fromMs, window.toMs, view.narrow ? slicesNarrow : slicesWide);
  const most = Math.max(1, ...all.map((marker) => marker.fills));
  return ([1, -1] as const).map((side) => ({
    id: side === 1 ? 'buys' : 'sells',
    name: side === 1 ? 'Buy' : 'Sell',
    type: 'scatter',
    symbol: 'triangle',
    symbolRotate: side === 1 ? 0 : 180,
    symbolOffset: [0, side === 1 ? 9 : -9],
    itemStyle: { color: side === 1 ? view.theme.gain : view.theme.loss, borderColor: view.theme.surface, borderWidth: 1 },
    data: all.filter((marker) => marker.side === side).map((marker) => point(marker, most)),
    z: 5,
  }));
}

const point = (marker: Marker, most: number): object => ({
  value: [marker.ts_ms, marker.price, marker.fills],
  symbolSize: most === 1 ? 10 : 8 + 8 * Math.sqrt(marker.fills / most),
});

function tip({ candles, trades, instrument }: CandleSource, ms: number | undefined): string {
  if (ms === undefined || candles.ts_ms.length === 0) return '';
  const i = nearest(candles.ts_ms, ms);
  const from = candles.ts_ms[i] as number;
  const rows: [string, string][] = [
    ['Open', price(candles.open[i])], ['High', price(candles.high[i])], ['Low', price(candles.low[i])], ['Close', price(candles.close[i])],
    ['Volume', fixed(candles.volume[i], 2)],
    ...fillRows(trades, instrument, from, candles.ts_ms[i + 1] ?? Infinity),
  ];
  return tipTable(candles.bars_per_bucket > 1 ? `${dateTime(from)}, ${candles.bars_per_bucket} bars` : dateTime(from), rows);
}

const listed = 4;

// A fill at a bar's close carries the time the next bar opens, and is listed there.
function fillRows(trades: Trades, instrument: number, from: number, to: number): [string, string][] {
  const inside = fillsBetween(trades, instrument, from, to);
  if (inside.length > listed) {
    const buys = inside.filter((i) => trades.side[i] === 1).length;
    return [['Fills', `${plural(buys, 'buy')}, ${plural(inside.length - buys, 'sell')}`]];
  }
  return inside.map((i) => fillRow(trades, i));
}

function fillRow(trades: Trades, i: number): [string, string] {
  const pnl = trades.pnl[i];
  const what = `${significant(trades.quantity[i])} @ ${price(trades.price[i])}`;
  return [trades.side[i] === 1 ? '▲ Buy' : '▼ Sell', typeof pnl === 'number' ? `${what}, P&L ${signed(money(pnl))}` : what];
}
