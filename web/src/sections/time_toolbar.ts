// Buttons and keys for the stretch of time the charts show.
import type { TimeWindow } from '../charts/time_window';
import { h } from '../dom';
import { dateTime } from '../format';

const zoomIn = 0.5;
const zoomOut = 2;
const panShare = 0.25;

const toMinute = (ms: number): string => dateTime(Math.round(ms / 60_000) * 60_000);

export function timeToolbar(window: TimeWindow): HTMLElement {
  const range = h('output', { class: 'range' });
  const show = (): void => {
    range.textContent = `${window.whole ? 'Whole run: ' : ''}${toMinute(window.fromMs)} to ${toMinute(window.toMs)}`;
  };
  window.onChange(show);
  show();
  const button = (label: string, sign: string, go: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, title: label, click: go }, sign);
  return h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Time shown' },
    h('div', { class: 'switch' },
      button('Zoom in (+)', '+', () => window.zoom(zoomIn)), button('Zoom out (−)', '−', () => window.zoom(zoomOut)),
      button('Earlier (←)', '←', () => window.pan(-panShare)), button('Later (→)', '→', () => window.pan(panShare)),
      button('Whole run (0)', 'All', () => window.all())),
    range,
    h('span', { class: 'muted hint' }, 'Drag to move, Ctrl + wheel to zoom; keys + − ← → 0'));
}

const keys: Record<string, (window: TimeWindow) => void> = {
  '+': (window) => window.zoom(zoomIn),
  '=': (window) => window.zoom(zoomIn),
  '-': (window) => window.zoom(zoomOut),
  ArrowLeft: (window) => window.pan(-panShare),
  ArrowRight: (window) => window.pan(panShare),
  '0': (window) => window.all(),
};

// What takes keys itself: a choice, and what scrolls sideways.
const takesKeys = 'select, input, textarea, pre, .scroll';

// Anywhere on the page.
export function listenForKeys(window: TimeWindow): void {
  document.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    const taken = event.target instanceof Element && event.target.closest(takesKeys) !== null;
    if (!act || event.ctrlKey || event.metaKey || event.altKey || taken) return;
    event.preventDefault();
    act(window);
  });
}
