// First index whose time is not before `ms`; the length where there is none. Times increase.
function lowerBound(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Index of the time closest to `ms`.
export const nearest = (times: readonly number[], ms: number): number => {
  const right = lowerBound(times, ms);
  if (right === 0) return 0;
  if (right === times.length) return times.length - 1;
  return ms - (times[right - 1] as number) <= (times[right] as number) - ms ? right - 1 : right;
};
