// One rolling measure over time; shared by Sharpe and volatility.
import type { Maybe } from '../contract';
import { dateTime } from '../format';
import type { ChartDefinition, View } from './chart';
import type { AxisRange } from './quantile_range';
import { nearest } from './search';
import { axisHeight, axisText, grid, line, tipTable, tooltip, valueAxis, zeroLine } from './style';
import type { TimeWindow } from './time_window';

export interface RollingMeasure {
  id: string;
  name: string;
  times: number[];
  values: Maybe[];
  print: (value: Maybe | undefined) => string;
  axis: (value: number) => string;
  colour: (view: View) => string;
  zero: boolean; // a line at zero
  range?: AxisRange | undefined; // of the axis, where it does not hold all values
}

export const rollingChart = (measure: RollingMeasure, window: TimeWindow): ChartDefinition => ({
  id: measure.id,
  summary: `${measure.name} over time`,
  height: 232,
  option: (view) => ({
    tooltip: tooltip(view, { formatter: (items: { axisValue: number }[]) => tip(measure, items[0]?.axisValue) }),
    grid: grid(12, axisHeight),
    xAxis: window.axis(view),
    yAxis: valueAxis(view, { scale: !measure.zero, ...axisEnds(measure.range), splitNumber: 4, axisLabel: axisText(view, measure.axis) }),
    dataZoom: window.zoomControls(view, [0], false),
    series: [line(measure.name, measure.times, measure.values, measure.colour(view),
                  measure.zero ? { markLine: { ...zeroLine(view), data: [{ yAxis: 0 }] } } : {})],
  }),
});

const axisEnds = (range: AxisRange | undefined): object => (range ? { min: range.low, max: range.high } : {});

function tip(measure: RollingMeasure, ms: number | undefined): string {
  if (ms === undefined || measure.times.length === 0) return '';
  const i = nearest(measure.times, ms);
  return tipTable(dateTime(measure.times[i] as number), [[measure.name, measure.print(measure.values[i])]]);
}
