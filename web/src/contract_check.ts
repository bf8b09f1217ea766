// Says in words where the data does not keep the contract, so that a wrong export shows a sentence, not a
// half-drawn page.
import type { ReportData } from './contract';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function checkColumns(problems: string[], place: string, table: unknown, columns: string[], length?: number): void {
  if (!isObject(table)) {
    problems.push(`${place} is missing`);
    return;
  }
  const first = table[columns[0] as string];
  const expected = length ?? (Array.isArray(first) ? first.length : 0);
  for (const name of columns) {
    const column = table[name];
    if (!Array.isArray(column)) problems.push(`${place}.${name} is not an array`);
    else if (column.length !== expected) problems.push(`${place}.${name} has ${column.length} of ${expected} values`);
  }
}

function checkIncreasing(problems: string[], place: string, table: unknown): void {
  const times = isObject(table) ? table['ts_ms'] : undefined;
  if (!Array.isArray(times)) return;
  const bad = times.findIndex((time, i) => typeof time !== 'number' || (i > 0 && time < times[i - 1]));
  if (bad >= 0) problems.push(`${place}.ts_ms[${bad}] is ${String(times[bad])}: not a time after the one before`);
}

function checkSummary(problems: string[], summary: unknown): void {
  if (!isObject(summary)) {
    problems.push('summary is missing');
    return;
  }
  for (const name of ['bars', 'warm_bars', 'orders', 'trades', 'final_equity', 'initial_capital', 'realized_pnl', 'fees'])
    if (typeof summary[name] !== 'number') problems.push(`summary.${name} is not a number`);
  for (const name of ['strategy', 'version', 'journal_hash'])
    if (typeof summary[name] !== 'string') problems.push(`summary.${name} is not a text`);
  for (const name of ['signals', 'refusals', 'metrics', 'data', 'timing'])
    if (!isObject(summary[name])) problems.push(`summary.${name} is missing`);
  if (isObject(summary['data']) && !Array.isArray(summary['data']['findings'])) problems.push('summary.data.findings is not an array');
}

// Empty: all is as contract.ts says.
export function contractProblems(data: unknown): string[] {
  if (!isObject(data)) return ['the page holds no data'];
  const problems: string[] = [];
  if (data['schema'] !== 1) problems.push(`schema is ${String(data['schema'])}, this page reads 1`);
  checkSummary(problems, data['summary']);
  if (!Array.isArray(data['metric_table'])) problems.push('metric_table is not an array');
  if (typeof data['config_toml'] !== 'string') problems.push('config_toml is not a text');
  const candles = Array.isArray(data['candles']) ? data['candles'] : [];
  if (!Array.isArray(data['candles'])) problems.push('candles is not an array');
  candles.forEach((table: unknown, i) => {
    checkColumns(problems, `candles[${i}]`, table, ['ts_ms', 'open', 'high', 'low', 'close', 'volume']);
    checkIncreasing(problems, `candles[${i}]`, table);
  });
  checkColumns(problems, 'equity', data['equity'], ['ts_ms', 'min', 'max', 'last', 'benchmark', 'drawdown_pct']);
  checkIncreasing(problems, 'equity', data['equity']);
  checkColumns(problems, 'trades', data['trades'], ['ts_ms', 'side', 'quantity', 'price', 'fee', 'pnl', 'instrument', 'reason']);
  checkColumns(problems, 'trades', data['trades'], ['by_instrument'], candles.length);
  checkColumns(problems, 'rolling', data['rolling'], ['ts_ms', 'sharpe', 'volatility']);
  checkColumns(problems, 'returns_by_hour', data['returns_by_hour'], ['mean', 'count'], 24);
  checkColumns(problems, 'returns_by_weekday', data['returns_by_weekday'], ['mean', 'count'], 7);
  const histogram = data['pnl_histogram'] as ReportData['pnl_histogram'] | undefined;
  if (!histogram || !Array.isArray(histogram.edges) || !Array.isArray(histogram.counts)) problems.push('pnl_histogram is missing');
  else if (histogram.counts.length > 0 && histogram.edges.length !== histogram.counts.length + 1)
    problems.push(`pnl_histogram has ${histogram.edges.length} edges for ${histogram.counts.length} counts`);
  return problems;
}
