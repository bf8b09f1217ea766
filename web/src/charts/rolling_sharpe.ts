import type { Rolling } from '../contract';
import { fixed, short } from '../format';
import type { ChartDefinition } from './chart';
import { quantileRange } from './quantile_range';
import { rollingChart } from './rolling_line';
import type { TimeWindow } from './time_window';

export const rollingSharpeChart = (rolling: Rolling, window: TimeWindow): ChartDefinition =>
  rollingChart({
    id: 'rolling-sharpe', name: 'Rolling Sharpe', times: rolling.ts_ms, values: rolling.sharpe,
    print: (value) => fixed(value, 2), axis: short, colour: (view) => view.theme.series, zero: true, range: quantileRange(rolling.sharpe),
  }, window);
