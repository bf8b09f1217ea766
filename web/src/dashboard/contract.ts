// The JSON of a live session: tools/paper/session_json.cpp writes it. Times in ms UTC.
import type { Maybe } from '../contract';

export type Bar = [t: number, open: number, high: number, low: number, close: number, volume: number];
export type EquityPoint = [t: number, equity: number, drawdownPct: number];
export type Side = 'buy' | 'sell';

export interface SymbolInfo { symbol: string; interval_ms: number; price_decimals: number; quantity_decimals: number }
export interface SessionInfo {
  symbols: SymbolInfo[]; strategy: string; model: string | null; market: string; url: string; started_ms: number;
  initial_capital: number; features: string[];
}
export interface Trade { t: number; symbol: string; price: number; quantity: number; side: Side }
export interface Signal { t: number; symbol: string; side: Side; confidence: number; probability: Maybe; price: number }
export interface Order {
  row: number; t: number; id: number; symbol: string; side: Side; type: string; quantity: Maybe; filled: number; price: Maybe;
  status: string; reason: string | null;
}
export interface Fill { t: number; id: number; symbol: string; side: Side; quantity: number; price: number; fee: number; liquidity: string }
export interface LogLine { t: number; level: string; text: string }
export interface Position { symbol: string; quantity: number; entry: Maybe; mark: Maybe; unrealized: number }
export interface Latency { stage: string; count: number; p50_us: number; p99_us: number; p999_us: number; max_us: number; bins: [number, number][] }
export interface Feed {
  connected: boolean; age_ms: Maybe; messages: number; events: number; reconnects: number; gaps: number; repaired_bars: number;
  repaired_trades: number; late_bars: number; duplicates: number; malformed: number; trouble: string | null;
}
export interface Recording { ok: boolean; file: string; events: number; bytes: number; dropped_events: number; trouble: string | null }
export interface State {
  positions: Position[]; cash: number; equity: number; drawdown_pct: number; realized: number; fees: number;
  risk: { state: 'running' | 'paused' | 'flattened' | 'halted'; reason: string | null };
  feed: Feed; recording: Recording | null; features: Record<string, Maybe[]>; probability: Record<string, Maybe>; latency: Latency[];
}
interface Lists { now_ms: number; signals: Signal[]; orders: Order[]; fills: Fill[]; log: LogLine[]; equity: EquityPoint[]; state: State }
export interface Snapshot extends Lists { type: 'snapshot'; session: SessionInfo; candles: Record<string, Bar[]>; trades: Record<string, Trade[]> }
export interface Update extends Lists { type: 'update'; candles: { symbol: string; bar: Bar; closed: boolean }[]; trades: Trade[] }
export type Message = Snapshot | Update;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

// What is wrong with a message, in words; empty: it is as above.
export function messageProblems(message: unknown): string[] {
  if (!isObject(message)) return ['the message is no object'];
  const problems: string[] = [];
  if (message['type'] !== 'snapshot' && message['type'] !== 'update') return [`type is ${String(message['type'])}`];
  const isSnapshot = message['type'] === 'snapshot';
  for (const name of ['signals', 'orders', 'fills', 'log', 'equity']) if (!Array.isArray(message[name])) problems.push(`${name} is not an array`);
  for (const name of ['candles', 'trades'])
    if (isSnapshot ? !isObject(message[name]) : !Array.isArray(message[name])) problems.push(`${name} is not ${isSnapshot ? 'an object' : 'an array'}`);
  const { state, session } = message;
  if (isSnapshot && (!isObject(session) || !Array.isArray(session['symbols']) || session['symbols'].length === 0)) problems.push('session has no symbols');
  if (!isObject(state)) return [...problems, 'state is missing'];
  for (const name of ['cash', 'equity', 'drawdown_pct', 'realized', 'fees']) if (typeof state[name] !== 'number') problems.push(`state.${name} is not a number`);
  for (const name of ['risk', 'feed', 'features']) if (!isObject(state[name])) problems.push(`state.${name} is missing`);
  for (const name of ['positions', 'latency']) if (!Array.isArray(state[name])) problems.push(`state.${name} is not an array`);
  return problems;
}
