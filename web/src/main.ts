// Reads the data in the page, draws it, and says what is wrong where it cannot.
import './styles/page.css';
import './styles/parts.css';
import './styles/print.css';

import type { ChartPlace } from './charts/chart';
import type { Chart } from './charts/echarts';
import type { ReportData } from './contract';
import { contractProblems } from './contract_check';
import { h } from './dom';
import { words } from './format';
import { buildPage } from './page';
import { startTheme, useChosenTheme, usePaperTheme } from './theme';

declare global {
  interface Window {
    // For tests and for the console: the charts by name once all are drawn.
    hftsim?: { charts: Record<string, Chart>; data: ReportData; readyMs: number };
  }
}

const page = document.getElementById('page') as HTMLElement;

function readData(): unknown {
  const text = document.getElementById('hftsim-data')?.textContent ?? '';
  return text.startsWith('@') ? null : JSON.parse(text);
}

function showProblem(title: string, lines: string[]): void {
  page.replaceChildren(h('div', { class: 'problem', role: 'alert' }, h('h1', {}, title), h('ul', {}, ...lines.slice(0, 20).map((line) => h('li', {}, line)))));
}

// Charts have a size of their own: give them the paper's before printing.
function listenForPrinting(places: ChartPlace[]): void {
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printing');
    usePaperTheme();
    places.forEach((place) => place.resize());
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    useChosenTheme();
    places.forEach((place) => place.resize());
  });
}

function start(): void {
  startTheme();
  const data = readData();
  const problems = contractProblems(data);
  if (problems.length > 0) {
    showProblem(data === null ? 'This page holds no report' : 'This report cannot be shown', problems);
    return;
  }
  const report = data as ReportData;
  document.title = `${words(report.summary.strategy)} ${report.candles.map((table) => table.symbol).join(' ')} · hftsim report`;
  const { elements, places, joined } = buildPage(report);
  page.replaceChildren(...elements);
  const charts: Record<string, Chart> = {};
  for (const place of places) charts[place.definition.id] = place.draw();
  joined();
  listenForPrinting(places);
  window.hftsim = { charts, data: report, readyMs: performance.now() };
}

try {
  start();
} catch (error) {
  showProblem('This report cannot be shown', [String(error)]);
  throw error;
}
