// The one JSON object a report page is drawn from. docs/report.md says the same in words; the program's
// exporter fills it. Columns of arrays: all arrays of one object have the same length unless said otherwise.
//
// Everywhere: `null` is "undefined" and prints as n/a (JSON has no NaN). Times in columns are integer
// milliseconds since 1970 UTC; times in the summary are ISO 8601 UTC. Money is in the account's currency.

export type Maybe = number | null;

export interface ReportData {
  schema: 1;
  summary: Summary; // summary.json as it is
  metric_table: Metric[]; // in the order to print
  config_toml: string; // config.toml as it is
  candles: Candles[]; // one per instrument, in the order of the run
  equity: Equity;
  trades: Trades;
  rolling: Rolling;
  returns_by_hour: MeanReturns; // 24 entries, hour of day in UTC
  returns_by_weekday: MeanReturns; // 7 entries, Monday first, in UTC
  pnl_histogram: Histogram;
  halted?: Halt[]; // where the risk gate had stopped all new orders when the run ended
}

export interface Halt {
  reason: string; // name of the limit: "drawdown_limit"
  since_ns: number; // nanoseconds since 1970 UTC
  bars: number; // since then
}

export interface Summary {
  version: string;
  strategy: string;
  partial: boolean; // the run was cut off
  partial_reason?: string; // "interrupted at 2026-01-05 11:20:00"
  currency?: string; // "USDT"; printed behind money
  bars: number; // over all instruments
  warm_bars: number;
  signals: { total: number; buy: number; sell: number; hold: number };
  orders: number;
  trades: number; // fills
  refusals: Record<string, number>; // reason name -> how often
  initial_capital: number;
  final_equity: number;
  realized_pnl: number;
  fees: number;
  metrics: Record<string, Maybe>; // the page itself reads total_return, max_drawdown (fractions) and sharpe
  model?: ModelUse | null; // null or absent: the run had none
  data: DataSource;
  timing: Timing;
  bars_per_second: Maybe;
  peak_rss_bytes: Maybe;
  allocations_after_warmup: Maybe;
  journal_hash: string; // 32 hex digits
}

export interface ModelUse {
  members: ModelMember[]; // at least one
  predictions: number;
  lowest_prediction: Maybe; // null: there was no prediction
  highest_prediction: Maybe;
  predictions_in_training: number; // on bars that trained a model
  predictions_in_validation: number; // on bars that chose its epoch
  replaced_inputs: number;
}

export interface ModelMember {
  path: string;
  sha256: string;
  architecture: string; // "PriceLSTM"
  features: number;
  lookback: number; // rows
  horizon: number; // bars
  weight: number; // share of 1
  predictor: string; // "native fp32 avx512"
  reason: string; // why that one
}

export interface DataSource {
  path: string; // a file, or "generated"
  sha256: string | null;
  first: string | null; // open time of the first bar
  last: string | null; // close time of the last bar
  findings: Finding[];
  instruments?: { symbol: string; bar_interval_ns: number }[];
}

// All irregularities of one kind.
export interface Finding {
  kind: string; // "gap", "duplicate", ...
  count: number;
  listed: FindingExample[]; // the first ones, at least one
}

export interface FindingExample {
  time: string; // of the bar; of the first missing bar for a gap
  symbol: string;
  value: string; // "high 9.5 < low 10"
  action: string; // what was done: "dropped", "kept", "3 bars filled"
}

export interface StageTime {
  ns_per_bar: Maybe; // null: the stage did not run or was not measured
}

export interface Timing {
  read: StageTime;
  features: StageTime;
  inference: StageTime;
  trading: StageTime;
}

export type MetricUnit =
  | 'fraction' // 0.12 prints as 12.00 %
  | 'percent' // 12 prints as 12.00 %
  | 'money'
  | 'ratio' // three decimals
  | 'count'
  | 'bars'
  | 'days'
  | 'seconds' // prints in the unit that suits: 2820 as 47 minutes
  | 'number'; // five significant digits

export interface Metric {
  key: string; // the key in summary.metrics or the summary
  label: string;
  group: string; // heading: "Return", "Risk", "Trades", "Against buy-and-hold", ...
  unit: MetricUnit;
  value: Maybe;
}

// Buckets of `bars_per_bucket` bars each (the last may hold fewer): first open, highest high, lowest low,
// last close, sum of volume. At most about 4,000 buckets.
export interface Candles {
  symbol: string;
  bars: number; // of this instrument, before bucketing
  bars_per_bucket: number;
  ts_ms: number[]; // open time of the bucket's first bar, increasing
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: Maybe[];
}

// Buckets of `points_per_bucket` equity marks each. At most about 4,000 buckets.
export interface Equity {
  points: number; // equity marks before bucketing
  points_per_bucket: number;
  ts_ms: number[]; // time of the bucket's last mark, increasing
  min: number[];
  max: number[];
  last: number[];
  benchmark: Maybe[]; // buy-and-hold, the bucket's last
  drawdown_pct: number[]; // deepest of the bucket: percent below the running peak, 0..100
}

// Fills in the order they became known; every `stride`-th one where there are more than the exporter's limit.
export interface Trades {
  trades_total: number;
  trades_shown: number; // length of the columns
  stride: number; // 1: all of them
  by_instrument: number[]; // fills of each instrument, one per entry of `candles`
  by_brackets: number; // fills of a bracket's stop or target, orders the venue holds; `summary.orders` does not count these
  ts_ms: number[]; // when it happened
  side: (1 | -1)[]; // 1 buy, -1 sell
  quantity: number[]; // > 0
  price: number[];
  fee: number[];
  pnl: Maybe[]; // realised by this fill, before fees; null where it closed nothing
  instrument: number[]; // index into `candles`
  reason: string[]; // "" or why: "stop_loss", "take_profit", "bracket_stop", "bracket_target", ...
}

// At the equity's buckets or at others.
export interface Rolling {
  window_bars: number;
  ts_ms: number[];
  sharpe: Maybe[]; // annualised; null also where equity all but stood still
  volatility: Maybe[]; // annualised, fraction
}

export interface MeanReturns {
  mean: Maybe[]; // mean equity return per bar, fraction
  count: number[]; // bars
}

// counts[i] round trips with edges[i] <= profit after fees < edges[i + 1]. Zero is an edge where it is in range.
export interface Histogram {
  edges: number[]; // one more than counts; both empty without round trips
  counts: number[];
}
