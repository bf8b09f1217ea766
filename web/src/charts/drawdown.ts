// How far equity is below its running peak; the deepest of each bucket.
import type { Equity } from '../contract';
import { axisPercent, dateTime, percent } from '../format';
import type { ChartDefinition } from './chart';
import { nearest } from './search';
import { axisHeight, axisText, grid, line, tipTable, tooltip, valueAxis } from './style';
import type { TimeWindow } from './time_window';

export function drawdownChart(equity: Equity, window: TimeWindow): ChartDefinition {
  const below = equity.drawdown_pct.map((depth) => -Math.abs(depth));
  const deepest = below.reduce((least, depth) => Math.min(least, depth), 0);
  return {
    id: 'drawdown',
    summary: `Drawdown from the running peak, deepest ${percent(deepest / 100)}`,
    height: 202,
    option: (view) => ({
      tooltip: tooltip(view, { formatter: (items: { axisValue: number }[]) => tip(equity, below, items[0]?.axisValue) }),
      grid: grid(12, axisHeight),
      xAxis: window.axis(view),
      yAxis: valueAxis(view, { max: 0, ...(deepest < 0 ? { splitNumber: 3 } : { min: -1, interval: 1 }), axisLabel: axisText(view, axisPercent) }),
      dataZoom: window.zoomControls(view, [0], false),
      series: [line('Drawdown', equity.ts_ms, below, view.theme.loss,
                    { areaStyle: { color: view.theme.loss, opacity: 0.18 }, lineStyle: { color: view.theme.loss, width: 1.2 } })],
    }),
  };
}

function tip(equity: Equity, below: number[], ms: number | undefined): string {
  if (ms === undefined || below.length === 0) return '';
  const i = nearest(equity.ts_ms, ms);
  return tipTable(dateTime(equity.ts_ms[i] as number), [['Below the peak', percent((below[i] as number) / 100)]]);
}
