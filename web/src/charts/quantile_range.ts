// The range of an axis that a few far values must not flatten.
import type { Maybe } from '../contract';

export interface AxisRange {
  low: number;
  high: number;
  beyond: number; // values outside
}

const tail = 0.02; // of the values on either side may lie outside
const margin = 0.25; // of the range between
const tolerated = 2.5; // times that range: no more, and the axis holds everything

// The next of 1, 2, 5 times a power of ten.
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step) ?? 10);
}

// None where all values fit on an axis. Zero is always in range.
export function quantileRange(values: Maybe[]): AxisRange | undefined {
  const sorted = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  if (sorted.length < 2) return undefined;
  const inner = at(1 - tail) - at(tail);
  if (inner <= 0 || at(1) - at(0) <= tolerated * inner) return undefined;
  const step = roundStep(inner / 4);
  const low = Math.floor(Math.min(0, Math.max(at(0), at(tail) - margin * inner)) / step) * step;
  const high = Math.ceil(Math.max(0, Math.min(at(1), at(1 - tail) + margin * inner)) / step) * step;
  const beyond = sorted.filter((value) => value < low || value > high).length;
  return beyond > 0 ? { low, high, beyond } : undefined;
}
