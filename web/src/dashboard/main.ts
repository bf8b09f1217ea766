// The dashboard of a live session: one page, drawn once, fed by a websocket.
import '../styles/page.css';
import '../styles/parts.css';
import '../styles/dashboard.css';

import { card, h } from '../dom';
import { dateTime, fixed, percent, words } from '../format';
import { themeSwitch } from '../sections/theme_switch';
import { startTheme } from '../theme';
import { candleChart, equityChart, latencyChart } from './charts';
import { commandButtons } from './commands';
import { Connection } from './connection';
import type { Message } from './contract';
import { FeatureTable, feedFacts, Grid, liveTables, put, showFeed, showLatency, showPositions, showTiles, tiles } from './panels';
import { Store } from './store';
import { takeToken } from './token';

const chartsEveryMs = 500;

takeToken();
startTheme();

const store = new Store();
const tables = liveTables(() => store.session);
const summary = tiles();
const health = feedFacts();
const positions = new Grid('Positions', ['Symbol', 'Quantity', 'Entry', 'Mark', 'Unrealised']);
const latency = new Grid('Latency in microseconds', ['Stage, µs', 'p50', 'p99', 'p99.9', 'max', 'Blocks']);
const features = new FeatureTable();
const title = h('h1', {}, 'Paper session');
const subtitle = h('p', { class: 'subtitle' }, 'Waiting for the session');
const linkText = h('p', { class: 'link', id: 'link' });
const status = h('p', { class: 'hidden', role: 'status', id: 'status' }); // told only when something changed
const said = h('p', { class: 'note', role: 'status', id: 'said' });
const probability = h('strong', { id: 'probability' });
const picker = h('select', { id: 'symbol', 'aria-label': 'Symbol' }) as HTMLSelectElement;
const stagePicker = h('select', { id: 'stage', 'aria-label': 'Stage' }) as HTMLSelectElement;
const symbol = (): string => picker.value;
const charts = {
  candles: candleChart(store, symbol),
  equity: equityChart(store),
  latency: latencyChart(store, () => stagePicker.value),
};

document.getElementById('page')?.append(
  h('header', { class: 'masthead' },
    h('div', { class: 'masthead-line' }, h('div', {}, h('p', { class: 'eyebrow' }, 'hftsim paper'), title, subtitle), themeSwitch()),
    h('div', { class: 'control' }, linkText, commandButtons((text) => put(said, text))), said, status,
    summary.element),
  h('main', { id: 'main', tabindex: -1 },
    card('price', 'Price', h('span', { class: 'price-head' }, picker, h('span', {}, 'Probability of a rise: ', probability)), charts.candles.place.element),
    h('div', { class: 'pair' }, card('equity', 'Equity and drawdown', null, charts.equity.place.element), h('div', { class: 'stack' },
      card('positions', 'Positions', null, positions.element), card('signals', 'Signals', null, tables.signals.element))),
    h('div', { class: 'pair' }, card('orders', 'Orders', null, tables.orders.element), card('fills', 'Fills', null, tables.fills.element)),
    h('div', { class: 'pair' }, card('trades', 'Market trades', null, tables.trades.element), card('features', 'Features', 'of the last bar', features.element)),
    h('div', { class: 'pair' }, card('feed', 'Feed and recording', null, health.element),
      card('latency', 'Latency', h('span', {}, 'socket read to decision ', stagePicker), charts.latency.place.element, latency.element)),
    card('log', 'Log', null, tables.log.element)),
  h('footer', {}, 'Times are UTC. No order leaves this program: fills are simulated.'));

let shownGeneration = 0;
let chartsDue = 0;
let drawing = false;

function beginSession(): void {
  const { session } = store;
  if (!session) return;
  shownGeneration = store.generation;
  const before = picker.value;
  picker.replaceChildren(...session.symbols.map((one) => h('option', { value: one.symbol }, one.symbol)));
  if (session.symbols.some((one) => one.symbol === before)) picker.value = before;
  put(title, words(session.strategy));
  put(subtitle, `${session.symbols.map((one) => one.symbol).join(', ')} · ${session.market} · ${session.model ?? 'no model'} · since ${dateTime(session.started_ms)} UTC`);
  document.title = `${session.symbols[0]?.symbol ?? ''} · hftsim paper`;
}

function showStages(): void {
  const stages = store.state?.latency.map((one) => one.stage) ?? [];
  if (stages.length === stagePicker.options.length) return;
  const before = stagePicker.value || 'total';
  stagePicker.replaceChildren(...stages.map((stage) => h('option', { value: stage }, words(stage))));
  if (stages.includes(before)) stagePicker.value = before;
}

function showLink(): void {
  const link = connection.link();
  const age = link.ageMs === null ? '' : ` Data is ${fixed(link.ageMs / 1000, 0)} s old.`;
  const risk = store.state?.risk;
  const state = risk ? `${words(risk.state)}${risk.reason ? `: ${words(risk.reason).toLowerCase()}` : ''}` : 'Waiting';
  put(linkText, link.problem ? `The session sends what this page cannot read: ${link.problem}` : link.connected ? `Live · ${state}` : `Disconnected, trying again.${age}`,
    link.connected && !link.problem ? 'live' : 'lost');
  put(status, link.connected ? `Connected. ${state}.` : 'Disconnected from the session.');
  document.body.classList.toggle('stale', !link.connected);
  if (store.state) showFeed(health, store.state, link);
}

function draw(now: number): void {
  drawing = false;
  const { session, state } = store;
  if (!session || !state) return;
  const fresh = shownGeneration !== store.generation;
  if (fresh) beginSession();
  showTiles(summary, state, session.initial_capital);
  showPositions(positions, state);
  showLatency(latency, state);
  showStages();
  features.show(session.features, state.features[symbol()]);
  put(probability, percent(state.probability?.[symbol()], 1));
  tables.trades.show(store.trades.get(symbol()) ?? []);
  for (const name of ['signals', 'orders', 'fills', 'log'] as const) (tables[name] as { show(rows: unknown[]): void }).show(store[name]);
  showLink();
  if (fresh || now >= chartsDue) {
    chartsDue = now + chartsEveryMs;
    for (const chart of Object.values(charts)) chart.update();
    if (fresh && shownGeneration > 1) charts.candles.reset();
  }
}

// Not while the page is in the background: what came meanwhile is in the store.
function drawSoon(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

const connection = new Connection((message: Message) => {
  store.take(message);
  drawSoon();
});

picker.addEventListener('change', () => {
  chartsDue = 0;
  drawSoon();
  charts.candles.reset();
});
stagePicker.addEventListener('change', () => {
  drawSoon();
  charts.latency.reset();
});
setInterval(showLink, 500);
connection.start();
showLink();
