import type { Rolling } from '../contract';
import { fixed, short } from '../format';
import type { ChartDefinition } from './chart';
import type { AxisRange } from './quantile_range';
import { rollingChart } from './rolling_line';
import type { TimeWindow } from './time_window';

export const rollingSharpeChart = (rolling: Rolling, range: AxisRange | undefined, window: TimeWindow): ChartDefinition =>
  rollingChart({
    id: 'rolling-sharpe', name: 'Rolling Sharpe', times: rolling.ts_ms, values: rolling.sharpe,
    print: (value) => fixed(value, 2), axis: short, colour: (view) => view.theme.series, zero: true, range,
  }, window);
