// What must be true of an open report page, whatever the run.
import assert from 'node:assert/strict';

const hasDayBars = ({ summary }) => summary.data.instruments.every((one) => one.bar_interval_ns >= 86_400e9);

// Charts a run with this data must show, with the series each must have.
export function expectedCharts(data) {
  const charts = {};
  const known = (values) => values.some((value) => value !== null);
  if (data.candles.some((table) => table.ts_ms.length > 0)) charts.candles = ['Price', 'Volume', 'Buy', 'Sell'];
  if (data.equity.ts_ms.length > 0) {
    charts.equity = [...(data.equity.points_per_bucket > 1 ? ['Lowest', 'Range'] : []), 'Equity', 'Buy and hold'];
    charts.drawdown = ['Drawdown'];
  }
  if (known(data.rolling.sharpe)) charts['rolling-sharpe'] = ['Rolling Sharpe'];
  if (data.rolling.volatility.some((value) => value)) charts['rolling-volatility'] = ['Rolling volatility'];
  const moved = (means) => means.some((mean) => mean !== null && mean !== 0);
  if (moved(data.returns_by_hour.mean) && !hasDayBars(data)) charts['returns-by-hour'] = ['Mean return by hour of day (UTC)'];
  if (moved(data.returns_by_weekday.mean)) charts['returns-by-weekday'] = ['Mean return by weekday (UTC)'];
  if (data.pnl_histogram.counts.length > 0) charts['pnl-histogram'] = ['Round trips'];
  if (Object.values(data.summary.timing).some((stage) => stage.ns_per_bar !== null)) charts['stage-time'] = ['ns per bar'];
  return charts;
}

export async function checkCharts(page, data) {
  const drawn = await page.evaluate(() => Object.fromEntries(Object.entries(window.hftsim.charts).map(([id, chart]) =>
    [id, chart.getOption().series.map((series) => ({ name: series.name, points: series.data.length }))])));
  const names = Object.fromEntries(Object.entries(drawn).map(([id, series]) => [id, series.map((one) => one.name)]));
  assert.deepEqual(names, expectedCharts(data));
  if (drawn['stage-time']) {
    assert.equal(await page.textContent('#time .note'), 'time per bar, by stage');
    const { inference } = data.summary.timing;
    const wanted = inference?.ns_per_bar >= 10_000 ? /\d µs \(/ : /\d ns \(/;
    assert.ok((await textsOf(page, 'stage-time')).some((text) => wanted.test(text)), `no ${wanted}`);
  }
  if (drawn.candles) assert.equal(drawn.candles[0].points, data.candles[0].ts_ms.length);
  if (drawn.equity) assert.equal(drawn.equity.find((one) => one.name === 'Equity').points, data.equity.last.length);
  for (const id of Object.keys(drawn)) {
    await checkInk(page, id);
    await checkLabels(page, id);
  }
}

// Every text of a chart lies on its canvas as a whole.
async function checkLabels(page, id) {
  const cut = await page.evaluate((chart) => {
    const zr = window.hftsim.charts[chart].getZr();
    const outside = [];
    for (const item of zr.storage.getDisplayList(true)) {
      const text = item.style?.text;
      if (!text || item.ignore || item.invisible) continue;
      const rect = item.getBoundingRect().clone();
      rect.applyTransform(item.getComputedTransform() ?? [1, 0, 0, 1, 0, 0]);
      const inside = rect.x >= -0.5 && rect.y >= -0.5 && rect.x + rect.width <= zr.getWidth() + 0.5 && rect.y + rect.height <= zr.getHeight() + 0.5;
      if (!inside) outside.push(`${text} at ${Math.round(rect.x)},${Math.round(rect.y)}`);
    }
    return outside;
  }, id);
  assert.deepEqual(cut, [], `labels cut off in ${id}`);
}

// What a chart writes, axes and all.
export const textsOf = (page, id) => page.evaluate((chart) =>
  window.hftsim.charts[chart].getZr().storage.getDisplayList(true).filter((item) => !item.ignore && item.style?.text).map((item) => item.style.text), id);

// Colours on the canvas: at least the axes' text and what is drawn, and not just a few dots.
async function checkInk(page, id) {
  const ink = await page.evaluate((chart) => {
    const canvas = document.querySelector(`[data-chart="${chart}"] canvas`);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let pixels = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 0) continue;
      pixels += 1;
      if (colours.size < 64) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    }
    return { pixels, colours: colours.size, height: canvas.clientHeight };
  }, id);
  assert.ok(ink.height > 50 && ink.pixels > 800 && ink.colours > 3, `chart ${id} looks empty: ${JSON.stringify(ink)}`);
}

// A printed number and how far it may be from the exact one: half of its last digit.
export function printed(text) {
  const plain = text.replace(/ bars?$/, '').replace(/[,\u202f\s%+]/g, '').replace('\u2212', '-');
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(plain);
  if (!match) return null;
  const exponent = Number(match[4] ?? 0) - (match[3]?.length ?? 0);
  return { value: Number(plain), tolerance: 0.5000001 * 10 ** exponent };
}

export function assertPrinted(name, text, value) {
  if (value === null || value === undefined) {
    assert.equal(text, 'n/a', name);
    return;
  }
  const shown = printed(text);
  assert.ok(shown, `${name}: '${text}' is not a number`);
  const scale = text.includes('%') ? 100 : 1;
  assert.ok(Math.abs(shown.value - value * scale) <= shown.tolerance, `${name}: printed ${text}, is ${value}`);
}

const unitSeconds = { day: 86_400, hour: 3_600, minute: 60, second: 1 };

function assertSpan(name, text, seconds) {
  const [, number, unit] = /^(\S+) (day|hour|minute|second)s?$/.exec(text) ?? [];
  assert.ok(unit, `${name}: '${text}' is not a duration`);
  const shown = printed(number);
  assert.ok(Math.abs(shown.value - seconds / unitSeconds[unit]) <= shown.tolerance, `${name}: printed ${text}, is ${seconds} s`);
}

const at = (summary, path) => path.split('.').reduce((value, key) => value?.[key], summary);

const summaryKeys = ['final_equity', 'fees', 'trades', 'bars', 'warm_bars', 'signals.buy', 'signals.sell', 'signals.hold', 'bars_per_second',
                     'allocations_after_warmup', 'metrics.total_return', 'metrics.sharpe'];

export async function checkNumbers(page, data) {
  const texts = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[data-key]')].map((element) => [element.dataset.key, element.textContent])));
  const { summary } = data;
  for (const key of summaryKeys) assertPrinted(key, texts[key], at(summary, key));
  const depth = summary.metrics.max_drawdown;
  assertPrinted('metrics.max_drawdown', texts['metrics.max_drawdown'], typeof depth === 'number' ? Math.abs(depth) : null);
  assert.equal(texts.journal_hash, summary.journal_hash);
  for (const entry of data.metric_table) {
    const text = texts[`metric.${entry.key}`];
    if (entry.unit === 'seconds' && entry.value !== null) assertSpan(entry.key, text, entry.value);
    else assertPrinted(`metric ${entry.key}`, text, entry.unit === 'percent' && entry.value !== null ? entry.value / 100 : entry.value);
  }
  for (const [reason, count] of Object.entries(summary.refusals)) if (count > 0) assertPrinted(reason, texts[`refusals.${reason}`], count);
  for (const finding of summary.data.findings) assertPrinted(finding.kind, texts[`findings.${finding.kind}`], finding.count);
  assert.equal(await page.textContent('#config pre'), data.config_toml);
}

export async function checkBuckets(page, data) {
  const table = data.candles[0];
  if (!table || table.bars_per_bucket <= 1) return;
  const grouped = (value) => value.toLocaleString('en-US');
  const note = await page.textContent('#price .note');
  assert.equal(note, `${grouped(table.bars)} bars shown as ${grouped(table.ts_ms.length)} buckets of ${grouped(table.bars_per_bucket)}: min/max kept`);
}

export async function checkNoSideScroll(page) {
  const { content, window: width } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, window: innerWidth }));
  assert.ok(content <= width, `the page is ${content} px wide in a window of ${width}`);
}

export const pageColour = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));

// Everything above at once.
export async function checkReport({ page, errors, foreign }, data) {
  await page.waitForFunction(() => window.hftsim !== undefined);
  await checkCharts(page, data);
  await checkNumbers(page, data);
  await checkBuckets(page, data);
  await checkNoSideScroll(page);
  assert.deepEqual(errors, []);
  assert.deepEqual(foreign(), []);
}
