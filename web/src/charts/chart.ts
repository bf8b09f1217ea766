// What a chart is to the page, and its place in it: drawn when the page opens, again when theme or width
// change.
import { h } from '../dom';
import { colours, onThemeChange, type Theme } from '../theme';
import { init, type Chart, type Option } from './echarts';

export interface View {
  theme: Theme;
  narrow: boolean; // a phone
}

export interface ChartDefinition {
  id: string;
  summary: string; // what it shows, for those who cannot see it
  height: number; // px
  option: (view: View) => Option;
}

export class ChartPlace {
  readonly element: HTMLElement;
  private chart: Chart | undefined;

  constructor(readonly definition: ChartDefinition) {
    this.element = h('div', { class: 'chart', 'data-chart': definition.id, role: 'img', 'aria-label': definition.summary });
    this.element.style.height = `${definition.height}px`;
  }

  get instance(): Chart {
    if (!this.chart) throw new Error(`chart ${this.definition.id} is not drawn yet`);
    return this.chart;
  }

  // The element must be in the page.
  draw(): Chart {
    this.chart = init(this.element, null, { renderer: 'canvas' });
    this.refresh();
    onThemeChange(() => this.refresh());
    let width = this.element.clientWidth;
    new ResizeObserver(() => {
      if (this.element.clientWidth === width || this.element.clientWidth === 0) return;
      width = this.element.clientWidth;
      this.resize();
    }).observe(this.element);
    return this.chart;
  }

  refresh(): void {
    const view: View = { theme: colours(), narrow: this.element.clientWidth < 560 };
    this.instance.setOption({ animation: false, useUTC: true, ...this.definition.option(view) }, { notMerge: true });
  }

  resize(): void {
    this.instance.resize();
    this.refresh();
  }
}
