// The look all charts share: axes, grid, tooltip.
import type { View } from './chart';

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const axisText = (view: View, formatter?: (value: number) => string): object => ({
  color: view.theme.muted,
  fontFamily,
  fontSize: 11,
  lineHeight: 14,
  hideOverlap: true,
  ...(formatter ? { formatter } : {}),
});

export const valueAxis = (view: View, extra: object = {}): object => ({
  type: 'value',
  position: 'right',
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: axisText(view),
  splitLine: { lineStyle: { color: view.theme.line } },
  ...extra,
});

export const categoryAxis = (view: View, names: string[], extra: object = {}): object => ({
  type: 'category',
  data: names,
  axisLine: { lineStyle: { color: view.theme.line } },
  axisTick: { show: false },
  axisLabel: axisText(view),
  ...extra,
});

// Right of and below a chart over time, for its labels: the first time takes two lines.
export const labelRoom = 68;
export const axisHeight = 40;

// Room for the axis labels is given, not worked out: so all charts over time begin and end at the same pixels.
export const grid = (top: number, bottom: number, extra: object = {}): object => ({
  left: 18,
  right: labelRoom,
  top,
  bottom,
  outerBoundsMode: 'none',
  ...extra,
});

// A chart that stands for itself takes the room its labels need.
export const ownGrid = (top: number): object => ({ left: 4, right: 4, top, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' });

export const tooltip = (view: View, extra: object = {}): object => ({
  trigger: 'axis',
  confine: true,
  backgroundColor: view.theme.surface,
  borderColor: view.theme.line,
  textStyle: { color: view.theme.text, fontFamily, fontSize: 12 },
  axisPointer: { type: 'line', lineStyle: { color: view.theme.muted, type: 'dashed' }, label: { show: false } },
  ...extra,
});

export const legend = (view: View, data: (string | { name: string; icon: string })[]): object => ({
  data,
  top: 0,
  left: 0,
  itemWidth: 16,
  itemHeight: 8,
  textStyle: { color: view.theme.muted, fontFamily, fontSize: 12 },
  inactiveColor: view.theme.line,
});

// A line over time; null leaves a hole.
export const line = (name: string, times: number[], values: (number | null | undefined)[], colour: string, extra: object = {}): object => ({
  name,
  type: 'line',
  showSymbol: false,
  connectNulls: false,
  lineStyle: { color: colour, width: 1.6 },
  itemStyle: { color: colour },
  emphasis: { disabled: true },
  data: times.map((time, i) => [time, values[i] ?? null]),
  ...extra,
});

// Bars above zero in one colour and below in the other.
export const signedBar = (value: number | null, view: View): object => ({
  value: value ?? '-',
  itemStyle: { color: (value ?? 0) < 0 ? view.theme.loss : view.theme.gain },
});

export const zeroLine = (view: View): object => ({
  symbol: 'none',
  silent: true,
  label: { show: false },
  lineStyle: { color: view.theme.muted, type: 'solid', width: 1 },
});

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// The body of a tooltip: a heading and rows of name and value.
export function tipTable(heading: string, rows: [string, string][]): string {
  const body = rows.map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td class="tip-value">${escapeHtml(value)}</td></tr>`).join('');
  return `<div class="tip"><strong>${escapeHtml(heading)}</strong><table>${body}</table></div>`;
}
