// The stretch of time all time charts show. Zooming one zooms all; buttons and keys do the same.
import { tickTime } from '../format';
import type { View } from './chart';
import type { Chart } from './echarts';
import { axisText, fontFamily, labelRoom } from './style';

interface ZoomBatch {
  start?: number;
  end?: number;
}

const smallestPercent = 0.05;
const firstShown = 1; // tick 0 is where the axis begins, seldom a round time

export class TimeWindow {
  private start = 0; // percent of the run
  private end = 100;
  private readonly charts = new Set<Chart>();
  private readonly listeners: (() => void)[] = [];
  private echo = false;

  constructor(readonly firstMs: number, readonly lastMs: number) {}

  get fromMs(): number { return this.firstMs + ((this.lastMs - this.firstMs) * this.start) / 100; }
  get toMs(): number { return this.firstMs + ((this.lastMs - this.firstMs) * this.end) / 100; }
  get whole(): boolean { return this.start <= 0 && this.end >= 100; }

  onChange(listener: () => void): void { this.listeners.push(listener); }

  join(chart: Chart): void {
    this.charts.add(chart);
    chart.on('datazoom', (event) => this.follow(chart, event as ZoomBatch & { batch?: ZoomBatch[] }));
  }

  set(start: number, end: number): void {
    const width = Math.min(100, Math.max(smallestPercent, end - start));
    const from = Math.min(Math.max(0, start), 100 - width);
    this.move(from, from + width);
  }

  all(): void { this.set(0, 100); }
  zoom(factor: number): void {
    const centre = (this.start + this.end) / 2;
    const half = ((this.end - this.start) / 2) * factor;
    this.set(centre - half, centre + half);
  }
  pan(share: number): void {
    const shift = (this.end - this.start) * share;
    this.set(this.start + shift, this.end + shift);
  }

  // The same axis in every chart, so that a percent is the same time everywhere.
  axis(view: View, extra: object = {}): object {
    return {
      type: 'time',
      min: this.firstMs,
      max: this.lastMs,
      axisLine: { onZero: false, lineStyle: { color: view.theme.line } },
      axisTick: { lineStyle: { color: view.theme.line } },
      axisLabel: { ...axisText(view), showMinLabel: false, formatter: (ms: number, i: number) => tickTime(ms, i === firstShown, this.toMs - this.fromMs) },
      splitLine: { show: false },
      ...extra,
    };
  }

  // Drag and ctrl + wheel with a mouse; a finger scrolls the page and uses the slider.
  zoomControls(view: View, axes: number[], slider: boolean): object[] {
    const shared = { xAxisIndex: axes, start: this.start, end: this.end, filterMode: 'filter' };
    const controls: object[] = [];
    if (!matchMedia('(pointer: coarse)').matches)
      controls.push({ type: 'inside', ...shared, zoomOnMouseWheel: 'ctrl', moveOnMouseMove: true, moveOnMouseWheel: false, preventDefaultMouseMove: false });
    if (slider) controls.push({ type: 'slider', ...shared, ...sliderLook(view) });
    return controls;
  }

  private follow(source: Chart, event: ZoomBatch & { batch?: ZoomBatch[] }): void {
    if (this.echo) return;
    const range = event.batch?.[0] ?? event;
    if (range.start === undefined || range.end === undefined) return;
    this.move(range.start, range.end, source);
  }

  private move(start: number, end: number, source?: Chart): void {
    this.start = start;
    this.end = end;
    this.echo = true;
    for (const chart of this.charts) if (chart !== source) chart.dispatchAction({ type: 'dataZoom', start, end });
    this.echo = false;
    for (const listener of this.listeners) listener();
  }
}

const sliderLook = (view: View): object => ({
  height: 26,
  left: 18,
  right: labelRoom,
  bottom: 4,
  brushSelect: false,
  showDetail: false,
  borderColor: view.theme.line,
  backgroundColor: 'transparent',
  fillerColor: view.theme.band,
  dataBackground: { lineStyle: { color: view.theme.muted, opacity: 0.6 }, areaStyle: { color: view.theme.line, opacity: 0.8 } },
  selectedDataBackground: { lineStyle: { color: view.theme.series }, areaStyle: { color: view.theme.band } },
  handleStyle: { color: view.theme.surface, borderColor: view.theme.muted },
  moveHandleStyle: { color: view.theme.muted, opacity: 0.4 },
  textStyle: { color: view.theme.muted, fontFamily },
});
