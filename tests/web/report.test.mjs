// The report page in headless Chromium, from the disk and without a network.
//
//   HFTSIM_REPORT_TEMPLATE   the built page; samples are put into it
//   HFTSIM_REPORT            a run's report.html: checked as it is, also against the summary.json beside it
//   HFTSIM_WEB_SHOTS         where screenshots go
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { makeSample } from '../../web/fixtures/make_sample.mjs';
import { Browser } from './browser.mjs';
import { checkNoSideScroll, checkReport, pageColour, textsOf } from './checks.mjs';
import { renderReport } from './render.mjs';

const { HFTSIM_REPORT_TEMPLATE: template, HFTSIM_REPORT: realReport, HFTSIM_WEB_SHOTS: shotsFolder } = process.env;
if (!template && !realReport) throw new Error('set HFTSIM_REPORT_TEMPLATE (the built page) or HFTSIM_REPORT (a run)');

const openedWithinMs = 2000;
const openings = 5; // the quickest counts: other work on the machine is not the page's
const folder = mkdtempSync(join(tmpdir(), 'hftsim-report-'));
const shots = shotsFolder || folder;
mkdirSync(shots, { recursive: true });
let browser;

before(async () => { browser = await Browser.start(); });
after(async () => {
  await browser?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function written(name, data) {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, renderReport(template, data));
  return file;
}

const shoot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

async function withPage(file, options, body) {
  const opened = await browser.open(file, options);
  try {
    await body(opened, opened.page);
  } finally {
    await opened.page.close();
  }
}

async function checkOpensQuickly(file) {
  let quickest = Infinity;
  for (let i = 0; i < openings && quickest >= openedWithinMs; i += 1)
    await withPage(file, {}, async (_, page) => {
      await page.waitForFunction(() => window.hftsim !== undefined);
      quickest = Math.min(quickest, await page.evaluate(() => window.hftsim.readyMs));
    });
  assert.ok(quickest < openedWithinMs, `ready after ${quickest} ms at best`);
}

const range = (page, chart) => page.evaluate((id) => {
  const { start, end } = window.hftsim.charts[id].getOption().dataZoom[0];
  return [start, end];
}, chart);

// On a phone no text of a fill lies over another's or beyond the screen.
async function checkFillsAreCards(page) {
  const problems = await page.locator('#trades tbody td').evaluateAll((cells) => cells
    .filter((cell) => cell.scrollWidth > cell.clientWidth || cell.getBoundingClientRect().right > innerWidth)
    .map((cell) => cell.textContent));
  assert.deepEqual(problems, []);
  const lines = await page.locator('#trades tbody tr').first().locator('td').evaluateAll((cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().top)).size);
  assert.ok(lines >= 3, `${lines} lines to a fill`);
}

const points = (page, chart, name) => page.evaluate(([id, series]) =>
  window.hftsim.charts[id].getOption().series.find((one) => one.name === series).data.length, [chart, name]);

describe('sample reports', { skip: template ? false : 'HFTSIM_REPORT_TEMPLATE is not set' }, () => {
  test('a run with trades shows its charts and numbers', async () => {
    const data = makeSample('trades');
    await withPage(written('trades', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      assert.equal(await page.locator('#trades tbody tr').count(), 25);
      assert.equal(await points(page, 'candles', 'Buy') + await points(page, 'candles', 'Sell'), data.trades.trades_total);
      assert.equal(await page.locator('#partial').count(), 0);
      assert.equal(await page.locator('#halted').count(), 0);
      const { orders, trades } = data.summary;
      const { by_brackets: byBrackets } = data.trades;
      assert.ok(byBrackets > 0);
      assert.match(await page.textContent('.tiles'), new RegExp(`${orders} orders sent; ${byBrackets} fills by brackets`));
      assert.match(await page.textContent('#signals .after'), new RegExp(`^${orders} orders sent led to ${trades - byBrackets} fills; ${byBrackets} more`));
      assert.match(await page.textContent('#pnl .note'), /round trips, after fees/);
      assert.match(await page.textContent('#trades thead'), /P&L before fees/);
      assert.match(await page.textContent('#trades tbody'), /Bracket (stop|target)/);
      assert.match(await page.textContent('.range'), /^Whole run: 2026-01-02 05:30 to/);
      const decimals = await page.locator('#trades td.price').evaluateAll((cells) => cells.map((cell) => cell.textContent.split('.')[1]?.length ?? 0));
      assert.equal(new Set(decimals).size, 1, 'one number of decimals in the column of prices');
      await shoot(page, 'desktop-light');
    });
  });

  test('dark mode follows the system and the switch', async () => {
    const data = makeSample('trades');
    await withPage(written('dark', data), { dark: true }, async (opened, page) => {
      await checkReport(opened, data);
      assert.ok(await pageColour(page) < 150, 'dark by the system');
      await shoot(page, 'desktop-dark');
      await page.click('[data-choice="light"]');
      assert.ok(await pageColour(page) > 600, 'light by the switch');
      const text = await page.evaluate(() => window.hftsim.charts.equity.getOption().yAxis[0].axisLabel.color);
      assert.equal(text, await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--muted').trim()));
      await page.reload();
      assert.ok(await pageColour(page) > 600, 'the choice is kept');
      await page.click('[data-choice="auto"]');
      assert.ok(await pageColour(page) < 150, 'back to what the system says');
    });
  });

  test('a phone shows all of it without scrolling sideways', async () => {
    const data = makeSample('trades');
    await withPage(written('phone', data), { width: 390, height: 844 }, async (opened, page) => {
      await checkReport(opened, data);
      await checkFillsAreCards(page);
      const config = await page.evaluate(() => { const { scrollWidth, clientWidth } = document.querySelector('#config pre'); return [scrollWidth, clientWidth]; });
      assert.equal(config[0], config[1], 'the configuration wraps');
      await shoot(page, 'phone');
    });
  });

  test('a run without trades or findings says so', async () => {
    const data = makeSample('empty');
    await withPage(written('empty', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      assert.equal(await page.locator('#model').count(), 0);
      for (const id of ['trades', 'pnl', 'refusals', 'data', 'rolling-sharpe', 'rolling-volatility', 'returns-by-hour']) assert.ok(await page.locator(`#${id} .empty`).isVisible(), id);
      assert.equal(await page.textContent('[data-key="metrics.sharpe"]'), 'n/a');
      for (const id of ['rolling-sharpe', 'rolling-volatility']) assert.equal(await page.textContent(`#${id} .empty`), 'Equity never moved.');
      assert.deepEqual((await textsOf(page, 'drawdown')).filter((text) => text.includes('%')), ['−1\u202f%', '0\u202f%']);
      await shoot(page, 'empty');
    });
  });

  test('a run that was cut off carries a banner', async () => {
    const data = makeSample('partial');
    await withPage(written('partial', data), { width: 390, height: 844, dark: true }, async (opened, page) => {
      await checkReport(opened, data);
      assert.ok(await pageColour(page) < 150);
      assert.match(await page.textContent('#partial'), /interrupted at 2026-01-02 20:30:00/);
      await shoot(page, 'partial-phone-dark');
    });
  });

  test('several instruments have a selector', async () => {
    const data = makeSample('several');
    await withPage(written('several', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      for (const [i, table] of data.candles.entries()) {
        await page.selectOption('#instrument', String(i));
        const closes = await page.evaluate(() => window.hftsim.charts.candles.getOption().series[0].data.map((item) => item[2]));
        assert.deepEqual(closes, table.close, table.symbol);
        const fills = data.trades.instrument.filter((instrument) => instrument === i).length;
        assert.equal(await points(page, 'candles', 'Buy') + await points(page, 'candles', 'Sell'), fills);
        assert.match(await page.textContent('#price .after'), new RegExp(`^${fills} fills in ${table.symbol}`));
      }
      assert.match(await page.textContent('#no-forecast'), /on bars not after the model’s training, 120 on bars that chose its epoch/);
      assert.match(await page.textContent('#model'), /native fp32 avx512.*60 rows of 84 features, 1 bar ahead.*50.0.%.*0\.441 to 0\.573/s);
      await shoot(page, 'several');
    });
  });

  test('daily bars have no hours, and a halt is told first', async () => {
    const data = makeSample('daily');
    await withPage(written('daily', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      assert.match(await page.textContent('#halted'), /No order was let through since 2018-02-27 00:00: drawdown limit \(80 bars\)/);
      assert.equal(await page.textContent('#returns-by-hour .empty'), 'Bars of a day or more have no hour.');
      const texts = await textsOf(page, 'equity');
      for (const tick of ['2017', '2018', 'May']) assert.ok(texts.includes(tick), String(texts));
      await shoot(page, 'daily');
    });
  });

  test('a few far values do not flatten the rolling Sharpe', async () => {
    const data = makeSample('daily');
    const { sharpe } = data.rolling;
    sharpe[300] = -2840;
    sharpe[301] = null;
    await withPage(written('far', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      const { min, max } = await page.evaluate(() => window.hftsim.charts['rolling-sharpe'].getOption().yAxis[0]);
      const values = sharpe.filter((value) => value !== null && value !== -2840);
      assert.ok(min > -200 && min <= Math.min(0, ...values.filter((value) => value > min)), `${min}`);
      assert.ok(max < 200);
      assert.match(await page.textContent('#rolling-sharpe .note'), /the axis ends at .*: 1 point beyond/);
      await shoot(page, 'far');
    });
  });

  test('twenty minutes on a New Year’s Day show their date and tiny prices', async () => {
    const data = makeSample('short');
    for (const options of [{}, { width: 390, height: 844 }])
      await withPage(written('short', data), options, async (opened, page) => {
        await checkReport(opened, data);
        const texts = await textsOf(page, 'equity');
        assert.ok(!texts.includes('2024'), String(texts));
        assert.ok(texts.includes('Jan 1'), String(texts));
        if (options.width) await checkFillsAreCards(page);
        await shoot(page, `short-${options.width ?? 'desktop'}`);
      });
  });

  test('a week of minutes shows its dates', async () => {
    const data = makeSample('trades');
    await withPage(written('week', data), {}, async ({ page }) => {
      await page.waitForFunction(() => window.hftsim !== undefined);
      const texts = await textsOf(page, 'equity');
      for (const day of ['Jan 2', 'Jan 3', 'Jan 4']) assert.ok(texts.includes(day), String(texts));
    });
  });

  test('a million bars open within two seconds', async () => {
    const data = makeSample('large');
    await withPage(written('large', data), {}, async (opened, page) => {
      await checkReport(opened, data);
      assert.match(await page.textContent('#trades .note'), /every 5th is listed/);
      const marks = await points(page, 'candles', 'Buy');
      assert.ok(marks > 10 && marks <= 71, `${marks} markers for thousands of buys`);
      await shoot(page, 'large');
    });
    await checkOpensQuickly(join(folder, 'large.html'));
  });

  test('zooming one chart zooms all, by mouse and by key', async () => {
    const data = makeSample('large');
    await withPage(written('zoom', data), {}, async ({ page, errors }) => {
      await page.waitForFunction(() => window.hftsim !== undefined);
      await page.evaluate(() => window.hftsim.charts.equity.dispatchAction({ type: 'dataZoom', start: 20, end: 40 }));
      for (const chart of ['candles', 'drawdown', 'rolling-sharpe', 'rolling-volatility']) assert.deepEqual(await range(page, chart), [20, 40], chart);
      await page.keyboard.press('+'); // with nothing focused
      assert.deepEqual(await range(page, 'equity'), [25, 35]);
      await page.keyboard.press('ArrowRight');
      assert.deepEqual(await range(page, 'drawdown'), [27.5, 37.5]);
      await page.keyboard.press('0');
      assert.deepEqual(await range(page, 'candles'), [0, 100]);
      await page.click('[aria-label^="Zoom in"]');
      assert.deepEqual(await range(page, 'drawdown'), [25, 75]);
      assert.deepEqual(errors, []);
    });
  });

  test('zooming in splits shared markers into single fills', async () => {
    const data = makeSample('large');
    await withPage(written('markers', data), {}, async ({ page }) => {
      await page.waitForFunction(() => window.hftsim !== undefined);
      const { first, last } = await page.evaluate(() => {
        const [axis] = window.hftsim.charts.candles.getOption().xAxis;
        window.hftsim.charts.candles.dispatchAction({ type: 'dataZoom', start: 50, end: 51 });
        return { first: axis.min, last: axis.max };
      });
      const from = first + (last - first) * 0.5;
      const to = first + (last - first) * 0.51;
      const inside = data.trades.ts_ms.filter((ts) => ts >= from && ts <= to).length;
      await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      assert.equal(await points(page, 'candles', 'Buy') + await points(page, 'candles', 'Sell'), inside);
    });
  });

  test('on paper it is light and has no controls', async () => {
    const data = makeSample('trades');
    await withPage(written('print', data), { dark: true }, async ({ page, errors }) => {
      await page.waitForFunction(() => window.hftsim !== undefined);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
      assert.equal(await page.locator('.toolbar').isVisible(), false);
      const widths = await page.evaluate(() => [...document.querySelectorAll('.chart canvas')].map((canvas) => canvas.clientWidth));
      assert.ok(widths.every((width) => width > 100 && width < 700), String(widths));
      await shoot(page, 'print');
      assert.deepEqual(errors, []);
    });
  });

  test('data that breaks the contract is named, not half drawn', async () => {
    const data = makeSample('empty');
    data.equity.min.pop();
    await withPage(written('broken', data), {}, async ({ page }) => {
      assert.match(await page.textContent('.problem'), /equity\.min has 299 of 300 values/);
    });
  });

  test('the page without data says so', async () => {
    await withPage(template, {}, async ({ page }) => {
      assert.match(await page.textContent('.problem'), /holds no report/);
      await checkNoSideScroll(page);
    });
  });
});

describe('a real report', { skip: realReport ? false : 'HFTSIM_REPORT is not set' }, () => {
  for (const [name, options] of [['desktop', {}], ['dark', { dark: true }], ['phone', { width: 390, height: 844 }]])
    test(`keeps every promise (${name})`, async () => {
      await withPage(realReport, options, async (opened, page) => {
        const data = await page.evaluate(() => JSON.parse(document.getElementById('hftsim-data').textContent));
        await checkReport(opened, data);
        const summaryFile = join(dirname(realReport), 'summary.json');
        if (existsSync(summaryFile)) assert.deepEqual(data.summary, JSON.parse(readFileSync(summaryFile, 'utf8')));
        await shoot(page, `run-${name}`);
      });
    });
  test('opens within two seconds', () => checkOpensQuickly(realReport));
});
