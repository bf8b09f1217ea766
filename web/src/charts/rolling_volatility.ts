import type { Rolling } from '../contract';
import { axisPercent, percent } from '../format';
import type { ChartDefinition } from './chart';
import { rollingChart } from './rolling_line';
import type { TimeWindow } from './time_window';

export const rollingVolatilityChart = (rolling: Rolling, window: TimeWindow): ChartDefinition =>
  rollingChart({
    id: 'rolling-volatility', name: 'Rolling volatility', times: rolling.ts_ms, values: rolling.volatility,
    print: (value) => percent(value), axis: (value) => axisPercent(value * 100), colour: (view) => view.theme.second, zero: false,
  }, window);
