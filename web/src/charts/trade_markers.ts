// Fills as markers: one by one while they are few in the window, else one marker per side and slice of it.
import type { Trades } from '../contract';

export interface Marker {
  ts_ms: number;
  price: number; // mean of its fills
  side: 1 | -1;
  fills: number;
}

// Markers one by one up to this many per slice.
const singlesPerSlice = 2;

// Of this instrument with fromMs <= time < toMs. Fills are in the order they became known, so all are looked at.
export function fillsBetween(trades: Trades, instrument: number, fromMs: number, toMs: number): number[] {
  const inside: number[] = [];
  trades.ts_ms.forEach((ts, i) => {
    if (ts >= fromMs && ts < toMs && trades.instrument[i] === instrument) inside.push(i);
  });
  return inside;
}

export function markers(trades: Trades, instrument: number, fromMs: number, toMs: number, slices: number): Marker[] {
  const indices = fillsBetween(trades, instrument, fromMs, toMs + 1);
  return indices.length <= singlesPerSlice * slices ? singles(trades, indices) : clusters(trades, indices, fromMs, (toMs - fromMs) / slices);
}

const singles = (trades: Trades, indices: number[]): Marker[] =>
  indices.map((i) => ({ ts_ms: trades.ts_ms[i] as number, price: trades.price[i] as number, side: trades.side[i] as 1 | -1, fills: 1 }));

function clusters(trades: Trades, indices: number[], fromMs: number, sliceMs: number): Marker[] {
  const bySlice = new Map<string, Marker>();
  for (const i of indices) {
    const side = trades.side[i] as 1 | -1;
    const ts = trades.ts_ms[i] as number;
    const key = `${Math.floor((ts - fromMs) / sliceMs)}/${side}`;
    const marker = bySlice.get(key) ?? { ts_ms: 0, price: 0, side, fills: 0 };
    marker.fills += 1;
    marker.ts_ms += (ts - marker.ts_ms) / marker.fills;
    marker.price += ((trades.price[i] as number) - marker.price) / marker.fills;
    bySlice.set(key, marker);
  }
  return [...bySlice.values()];
}
