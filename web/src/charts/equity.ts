// Equity against buy-and-hold. Where marks were merged, a band from the lowest to the highest of each bucket.
import type { Equity } from '../contract';
import { dateTime, money, percent, short, signed } from '../format';
import type { ChartDefinition, View } from './chart';
import { nearest } from './search';
import { axisHeight, axisText, grid, legend, line, tipTable, tooltip, valueAxis } from './style';
import type { TimeWindow } from './time_window';

export const equityChart = (equity: Equity, initial: number, window: TimeWindow): ChartDefinition => ({
  id: 'equity',
  summary: `Equity from ${money(initial)} to ${money(equity.last[equity.last.length - 1])}, against buy-and-hold`,
  height: 312,
  option: (view) => ({
    legend: legend(view, ['Equity', 'Buy and hold']),
    tooltip: tooltip(view, { formatter: (items: { axisValue: number }[]) => tip(equity, initial, items[0]?.axisValue) }),
    grid: grid(32, axisHeight),
    xAxis: window.axis(view),
    yAxis: valueAxis(view, { scale: true, axisLabel: axisText(view, short) }),
    dataZoom: window.zoomControls(view, [0], false),
    series: [
      ...(equity.points_per_bucket > 1 ? band(equity, view) : []),
      line('Equity', equity.ts_ms, equity.last, view.theme.series, { z: 4 }),
      line('Buy and hold', equity.ts_ms, equity.benchmark, view.theme.reference,
           { lineStyle: { color: view.theme.reference, width: 1.4, type: [5, 4] }, z: 3 }),
    ],
  }),
});

function band(equity: Equity, view: View): object[] {
  const heights = equity.max.map((high, i) => high - (equity.min[i] as number));
  const invisible = { lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all', silent: true, tooltip: { show: false } };
  return [
    line('Lowest', equity.ts_ms, equity.min, view.theme.band, invisible),
    line('Range', equity.ts_ms, heights, view.theme.band, { ...invisible, areaStyle: { color: view.theme.band, opacity: 1 } }),
  ];
}

function tip(equity: Equity, initial: number, ms: number | undefined): string {
  if (ms === undefined || equity.ts_ms.length === 0) return '';
  const i = nearest(equity.ts_ms, ms);
  const last = equity.last[i] as number;
  const rows: [string, string][] = [['Equity', money(last)], ['Return', signed(percent(last / initial - 1))], ['Buy and hold', money(equity.benchmark[i])]];
  if (equity.points_per_bucket > 1) rows.push(['Lowest', money(equity.min[i])], ['Highest', money(equity.max[i])]);
  return tipTable(dateTime(equity.ts_ms[i] as number), rows);
}
