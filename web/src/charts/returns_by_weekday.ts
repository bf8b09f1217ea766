import type { MeanReturns } from '../contract';
import type { ChartDefinition } from './chart';
import { meanReturnsChart } from './mean_returns';

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export const returnsByWeekdayChart = (returns: MeanReturns): ChartDefinition =>
  meanReturnsChart('returns-by-weekday', 'weekday (UTC)', days, returns);
