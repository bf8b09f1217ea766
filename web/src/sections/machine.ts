// What the run cost and what made it.
import type { Summary } from '../contract';
import { card, copyButton, empty, h } from '../dom';
import { bytes, integer } from '../format';
import { fact } from './findings';

export const machineCard = (summary: Summary, chart: HTMLElement | null): HTMLElement =>
  card('time', 'Where the time went', chart ? 'time per bar, by stage' : null,
    chart ?? empty('The stages were not timed.'),
    h('dl', { class: 'facts' },
      fact('Bars per second', integer(summary.bars_per_second), 'bars_per_second'),
      fact('Peak memory', bytes(summary.peak_rss_bytes), 'peak_rss_bytes'),
      fact('Allocations after warm-up', integer(summary.allocations_after_warmup), 'allocations_after_warmup'),
      fact('Program', summary.version)));

export const configCard = (toml: string): HTMLElement =>
  card('config', 'Configuration', 'resolved: this file reruns the run',
    h('div', { class: 'code' }, copyButton(toml, 'the configuration'), h('pre', { tabindex: 0 }, toml)));
