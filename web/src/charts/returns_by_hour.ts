import type { MeanReturns } from '../contract';
import type { ChartDefinition } from './chart';
import { meanReturnsChart } from './mean_returns';

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

export const returnsByHourChart = (returns: MeanReturns): ChartDefinition =>
  meanReturnsChart('returns-by-hour', 'hour of day (UTC)', hours, returns);
