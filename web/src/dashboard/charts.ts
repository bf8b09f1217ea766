// The dashboard's charts. Each is drawn once; what comes later is merged into its series.
import { ChartPlace, type View } from '../charts/chart';
import { axisHeight, axisText, categoryAxis, grid, legend, ownGrid, tipTable, tooltip, valueAxis } from '../charts/style';
import { axisPercent, axisPrice, dateTime, fixed, integer, money, percent, short, significant, tickTime } from '../format';
import type { Bar, Fill, Order, Signal } from './contract';
import type { Store } from './store';

const first = 240; // candles shown until somebody zooms out

const timeAxis = (view: View, extra: object = {}): object => ({
  type: 'time', axisLine: { lineStyle: { color: view.theme.line } }, axisTick: { show: false }, splitLine: { show: false }, splitNumber: view.narrow ? 3 : 7,
  axisLabel: axisText(view, (ms: number) => tickTime(ms, false, 3_600_000)), ...extra,
});

type Item = { axisValue: number };

export class LiveChart {
  readonly place: ChartPlace;
  private drawn = false;

  constructor(id: string, summary: string, height: number, frame: (view: View) => object, private readonly series: (view: View) => object[]) {
    this.place = new ChartPlace({ id, summary, height, option: (view) => {
      this.view = view;
      return { ...frame(view), series: series(view) };
    } });
  }

  private view: View | undefined;

  update(): void {
    if (!this.drawn) {
      this.drawn = true;
      this.place.draw();
    } else if (this.view) {
      this.place.instance.setOption({ series: this.series(this.view) }, { lazyUpdate: true });
    }
  }

  reset(): void {
    if (this.drawn) this.place.refresh();
  }
}

export function candleChart(store: Store, symbol: () => string): LiveChart {
  const bars = (): Bar[] => store.candles.get(symbol()) ?? [];
  const since = (): number => bars()[0]?.[0] ?? Infinity;
  const own = <T extends { symbol: string; t: number }>(rows: T[]): T[] => rows.filter((row) => row.symbol === symbol() && row.t >= since());
  const zoom = (): object[] => {
    const count = bars().length;
    return [{ type: 'inside', xAxisIndex: [0, 1], start: count > first ? 100 - (100 * first) / count : 0, end: 100, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }];
  };
  return new LiveChart('candles', 'Price candles with volume, signals, orders and fills of the session; the tables below have the same', 430, (view) => ({
    legend: legend(view, ['Price', 'Signal', 'Order', 'Buy', 'Sell']),
    tooltip: tooltip(view, { formatter: (items: Item[]) => tip(bars(), own(store.signals), own(store.fills), items[0]?.axisValue) }),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [grid(34, axisHeight + 76), grid(0, axisHeight, { top: undefined, height: 56 })],
    xAxis: [timeAxis(view, { axisLabel: { show: false } }), timeAxis(view, { gridIndex: 1 })],
    yAxis: [valueAxis(view, { scale: true, axisLabel: axisText(view, axisPrice) }),
            valueAxis(view, { gridIndex: 1, splitNumber: 2, splitLine: { show: false }, axisLabel: axisText(view, short) })],
    dataZoom: zoom(),
  }), (view) => [
    { id: 'price', name: 'Price', type: 'candlestick', data: bars().map(([t, o, hi, lo, c]) => [t, o, c, lo, hi]), barMaxWidth: 14, barMinWidth: 1, progressive: 0,
      itemStyle: { color: view.theme.surface, color0: view.theme.loss, borderColor: view.theme.gain, borderColor0: view.theme.loss } },
    { id: 'volume', name: 'Volume', type: 'bar', xAxisIndex: 1, yAxisIndex: 1, data: bars().map((bar) => [bar[0], bar[5]]), barMaxWidth: 14, progressive: 0,
      itemStyle: { color: view.theme.muted, opacity: 0.55 } },
    points('signal', 'Signal', 'circle', 7, own(store.signals).map(({ t, price }) => [t, price]), 'transparent', view.theme.second),
    points('order', 'Order', 'diamond', 8, own(store.orders).filter((order): order is Order & { price: number } => typeof order.price === 'number').map(({ t, price }) => [t, price]), view.theme.reference, view.theme.surface),
    fillPoints('Buy', own(store.fills), view), fillPoints('Sell', own(store.fills), view),
  ]);
}

const points = (id: string, name: string, symbol: string, symbolSize: number, data: [number, number][], color: string, borderColor: string, extra: object = {}): object =>
  ({ id, name, type: 'scatter', symbol, symbolSize, data, itemStyle: { color, borderColor, borderWidth: 1.4 }, z: 5, ...extra });

function fillPoints(name: 'Buy' | 'Sell', fills: Fill[], view: View): object {
  const buys = name === 'Buy';
  return points(name, name, 'triangle', 11, fills.filter((fill) => (fill.side === 'buy') === buys).map(({ t, price }) => [t, price]),
    buys ? view.theme.gain : view.theme.loss, view.theme.surface, { symbolRotate: buys ? 0 : 180, symbolOffset: [0, buys ? 9 : -9], z: 6 });
}

function tip(bars: Bar[], signals: Signal[], fills: Fill[], ms: number | undefined): string {
  const i = bars.findIndex((bar) => bar[0] > (ms ?? Infinity));
  const at = (i < 0 ? bars.length : i) - 1;
  const bar = bars[at];
  if (!bar) return '';
  const to = bars[at + 1]?.[0] ?? Infinity;
  const inside = (row: { t: number }): boolean => row.t >= bar[0] && row.t < to;
  return tipTable(dateTime(bar[0]), [
    ['Open', axisPrice(bar[1])], ['High', axisPrice(bar[2])], ['Low', axisPrice(bar[3])], ['Close', axisPrice(bar[4])], ['Volume', fixed(bar[5], 2)],
    ...signals.filter(inside).slice(-3).map(({ side, probability, confidence }): [string, string] => [`Signal ${side}`, `probability ${percent(probability, 1)}, confidence ${percent(confidence, 0)}`]),
    ...fills.filter(inside).slice(-3).map((fill): [string, string] => [`Filled ${fill.side}`, `${significant(fill.quantity)} @ ${axisPrice(fill.price)}`]),
  ]);
}

export function equityChart(store: Store): LiveChart {
  const rows = (): [number, number, number][] =>
    store.state && store.nowMs > (store.equity[store.equity.length - 1]?.[0] ?? 0) ? [...store.equity, [store.nowMs, store.state.equity, store.state.drawdown_pct]] : store.equity;
  const tipAt = (ms: number | undefined): string => {
    const row = rows().find(([t]) => t >= (ms ?? Infinity));
    return row ? tipTable(dateTime(row[0]), [['Equity', money(row[1])], ['Drawdown', percent(row[2] / 100)]]) : '';
  };
  return new LiveChart('equity', 'Equity of the session, and below it how far it is under its peak', 400, (view) => ({
    tooltip: tooltip(view, { formatter: (items: Item[]) => tipAt(items[0]?.axisValue) }),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [grid(10, axisHeight + 96), grid(0, axisHeight, { top: undefined, height: 76 })],
    xAxis: [timeAxis(view, { axisLabel: { show: false } }), timeAxis(view, { gridIndex: 1 })],
    yAxis: [valueAxis(view, { scale: true, axisLabel: axisText(view, short) }),
            valueAxis(view, { gridIndex: 1, inverse: true, splitNumber: 2, min: 0, axisLabel: axisText(view, (value) => axisPercent(-value)) })],
  }), (view) => [
    { id: 'equity', name: 'Equity', type: 'line', showSymbol: false, data: rows().map(([t, equity]) => [t, equity]), lineStyle: { color: view.theme.series, width: 1.6 }, itemStyle: { color: view.theme.series } },
    { id: 'drawdown', name: 'Drawdown', type: 'line', xAxisIndex: 1, yAxisIndex: 1, showSymbol: false, data: rows().map(([t, , depth]) => [t, depth]),
      lineStyle: { color: view.theme.loss, width: 1.2 }, itemStyle: { color: view.theme.loss }, areaStyle: { color: view.theme.loss, opacity: 0.2 } },
  ]);
}

export function latencyChart(store: Store, stage: () => string): LiveChart {
  const bins = (): [number, number][] => store.state?.latency.find((one) => one.stage === stage())?.bins ?? [];
  const names = (): string[] => bins().map(([us]) => `≤ ${short(us)} µs`);
  return new LiveChart('latency', 'How many blocks of events took how long in the chosen stage; the table has the quantiles', 200, (view) => ({
    tooltip: tooltip(view, { formatter: (items: { dataIndex: number }[]) => tipTable(names()[items[0]?.dataIndex ?? 0] ?? '', [['Blocks', integer(bins()[items[0]?.dataIndex ?? 0]?.[1])]]) }),
    grid: ownGrid(12), xAxis: categoryAxis(view, names()), yAxis: valueAxis(view, { axisLabel: axisText(view, short), splitNumber: 3 }),
  }), (view) => [{ id: 'blocks', name: 'Blocks', type: 'bar', data: bins().map(([, count]) => count), itemStyle: { color: view.theme.series, opacity: 0.8 } }]);
}
