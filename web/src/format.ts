// Numbers and times as people read them. Undefined is always n/a.
import type { Maybe, MetricUnit } from './contract';

export const notAvailable = 'n/a';
const minus = '\u2212';
const thin = '\u202f';

const defined = (value: Maybe | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

function grouped(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const zero = !/[1-9]/.test(text);
  return value < 0 && !zero ? minus + text : text;
}

export const fixed = (value: Maybe | undefined, decimals: number): string => (defined(value) ? grouped(value, decimals) : notAvailable);
export const integer = (value: Maybe | undefined): string => fixed(value, 0);
export const money = (value: Maybe | undefined): string => fixed(value, 2);
// Small ones with the digits that say something: 0.0047 %, not 0.00 %.
export function percent(fraction: Maybe | undefined, decimals = 2): string {
  if (!defined(fraction)) return notAvailable;
  const value = fraction * 100;
  const small = Math.abs(value) < 0.1 && Math.abs(value) >= 1e-5;
  return `${small ? significant(value, 2) : grouped(value, decimals)}${thin}%`;
}

export const signed = (text: string): string => (/^[\d.,\u202f %]*[1-9]/.test(text) ? `+${text}` : text);

// As many digits as matter: 88,775.96 and 0.0001235.
export function significant(value: Maybe | undefined, digits = 5): string {
  if (!defined(value)) return notAvailable;
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -7) return (value < 0 ? minus : '') + Math.abs(value).toExponential(2);
  return trimZeros(grouped(value, Math.max(0, digits - 1 - magnitude)));
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export const price = (value: Maybe | undefined): string => (defined(value) && Math.abs(value) >= 1000 ? grouped(value, 2) : significant(value, 6));

// Decimals with which all prices of a column are told apart.
export function priceDecimals(prices: number[]): number {
  const largest = prices.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest >= 1000 || largest === 0) return 2;
  const most = Math.min(12, Math.max(0, 5 - Math.floor(Math.log10(largest))));
  const needed = (value: number): number => trimZeros(value.toFixed(most)).split('.')[1]?.length ?? 0;
  return prices.reduce((decimals, value) => Math.max(decimals, needed(value)), 0);
}

// Prices on an axis: what is tiny keeps its digits and loses its zeros.
export const axisPrice = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(3).replace(/\.?0+e/, 'e').replace(/-/g, minus) : significant(value, 7);

// Short, for axes: 12.5k, 3.2M.
export function short(value: number): string {
  const size = Math.abs(value);
  for (const [unit, name] of [[1e9, 'B'], [1e6, 'M'], [1e4, 'k']] as const)
    if (size >= unit) return significant(value / (name === 'k' ? 1e3 : unit), 5) + name;
  return significant(value, 4);
}

export const axisPercent = (value: number): string => `${significant(value, 3)}${thin}%`;

export function bytes(value: Maybe | undefined): string {
  if (!defined(value)) return notAvailable;
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${grouped(size, unit === 0 ? 0 : 1)} ${units[unit]}`;
}

export function metric(value: Maybe | undefined, unit: MetricUnit): string {
  switch (unit) {
    case 'fraction': return percent(value);
    case 'percent': return defined(value) ? percent(value / 100) : notAvailable;
    case 'money': return money(value);
    case 'ratio': return fixed(value, 3);
    case 'count': return integer(value);
    case 'bars': return defined(value) ? plural(value, 'bar') : notAvailable;
    case 'days': return fixed(value, 1);
    case 'seconds': return defined(value) ? span(value * 1000) : notAvailable;
    case 'number': return significant(value);
    default: return significant(value);
  }
}

const pad = (value: number): string => String(value).padStart(2, '0');

export function date(ms: number): string {
  const time = new Date(ms);
  return `${time.getUTCFullYear()}-${pad(time.getUTCMonth() + 1)}-${pad(time.getUTCDate())}`;
}

// To the minute, to the second where it has seconds.
export function dateTime(ms: number): string {
  const time = new Date(ms);
  const seconds = time.getUTCSeconds();
  return `${date(ms)} ${pad(time.getUTCHours())}:${pad(time.getUTCMinutes())}${seconds ? `:${pad(seconds)}` : ''}`;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthsTold = 75 * 86_400_000; // a longer axis has months and years, a shorter one days

// A tick of a time axis that spans `axisMs`: what changes there, the time of day, or the day, month or year that begins.
// The first one shown says below which day or year it is of.
export function tickTime(ms: number, first: boolean, axisMs: number): string {
  const time = new Date(ms);
  const year = String(time.getUTCFullYear());
  const month = monthNames[time.getUTCMonth()] as string;
  const day = `${month} ${time.getUTCDate()}`;
  const below = (context: string): string => (first ? `\n${context}` : '');
  if (ms % 86_400_000 !== 0) return dateTime(ms).slice(11) + below(day);
  if (axisMs < monthsTold || time.getUTCDate() !== 1) return day + below(year);
  return time.getUTCMonth() === 0 ? year : month + below(year);
}

// An ISO time of the summary in the same shape; what cannot be read stays as it is.
export function isoTime(text: string | null | undefined): string {
  if (!text) return notAvailable;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : dateTime(ms);
}

const spans: [number, string][] = [[86_400_000, 'day'], [3_600_000, 'hour'], [60_000, 'minute'], [1000, 'second']];

// "7 days", "36 hours": the largest unit that holds it at least twice.
export function span(ms: number): string {
  for (const [length, name] of spans) {
    const count = ms / length;
    if (count >= 2 || name === 'second') {
      const shown = trimZeros(grouped(count, count < 10 ? 1 : 0));
      return `${shown} ${name}${shown === '1' ? '' : 's'}`;
    }
  }
  return notAvailable;
}

export const words = (name: string): string => {
  const text = name.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const plural = (count: number, one: string, many = `${one}s`): string => `${integer(count)} ${count === 1 ? one : many}`;
