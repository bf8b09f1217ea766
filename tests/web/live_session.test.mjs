// A live session in headless Chromium: hftsim exchange, hftsim paper that trades on it, and the dashboard that it serves.
//
//   HFTSIM_PROGRAM     the built hftsim
//   HFTSIM_WEB_SHOTS   where screenshots go
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { violations } from './axe.mjs';
import { Browser } from './browser.mjs';
import { checkNoSideScroll } from './checks.mjs';
import { metricIn } from './metric.mjs';
import { Program, startMarket } from './program.mjs';
import { until } from './until.mjs';

const shots = process.env.HFTSIM_WEB_SHOTS || tmpdir();
const folder = mkdtempSync(join(tmpdir(), 'hftsim-live-'));
const strategy = ['--strategy', 'sma_cross', '--set', 'strategy.fast=1', '--set', 'strategy.slow=2']; // trades on nearly every bar
let exchange;
let paper;
let browser;
let address;
let token;

before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await Browser.start({ offline: false });
  exchange = await startMarket();
  paper = await Program.start(['paper', '--symbol', 'BTCUSDT', '--url', `ws:${exchange.found[1]}`, '--dashboard', '127.0.0.1:0', '--out', join(folder, 's'), ...strategy],
    /^dashboard at (\S+)#token=(\S+)$/);
  [, address, token] = paper.found;
});

after(async () => {
  await browser?.stop();
  await paper?.stop();
  await exchange?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function withPage({ hash = `#token=${token}`, width = 1280, height = 900, dark = false }, body) {
  const page = await browser.context.newPage();
  const errors = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.goto(address + hash);
    await page.waitForSelector('#price canvas');
    await body(page, errors);
  } finally {
    await page.close();
  }
}

// What moves: the price chart, the newest trade, the equity.
const shown = (page) => page.evaluate(() => ({
  candles: document.querySelector('#price canvas').toDataURL(),
  trade: document.querySelector('#trades tbody tr')?.textContent,
  equity: document.querySelector('[data-fact="Equity"]').textContent,
}));

const metric = async (name) => metricIn(await (await fetch(`${address}metrics`)).text(), name);

describe('a live session', () => {
  test('moves candles, trades and equity within ten seconds, under its own policy', () => withPage({}, async (page, errors) => {
    await page.waitForTimeout(1500); // the chart has grown to what it was first
    const first = await shown(page);
    const moved = new Set();
    for (let tenths = 0; tenths < 85 && moved.size < 3; tenths += 1) {
      await page.waitForTimeout(100);
      const now = await shown(page);
      for (const [what, value] of Object.entries(now)) if (value !== first[what]) moved.add(what);
    }
    assert.deepEqual([...moved].sort(), ['candles', 'equity', 'trade']);
    assert.match(await page.textContent('#link'), /Live · Running/);
    assert.deepEqual(errors, []);
  }));

  test('pauses and resumes with two clicks each and the token', () => withPage({}, async (page, errors) => {
    for (const [command, state, shownAs] of [['pause', 'paused', 'Paused'], ['resume', 'running', 'Running']]) {
      await page.click(`[data-command="${command}"]`);
      await page.click(`[data-confirm="${command}"]`);
      await page.waitForFunction((text) => document.getElementById('link').textContent.includes(text), shownAs);
      await until(async () => await metric(`hftsim_trading_state{state="${state}"}`) === 1, state);
    }
    assert.equal(await metric('hftsim_dashboard_commands_total'), 2);
    assert.deepEqual(errors, []);
  }));

  test('takes no command without the token', () => withPage({ hash: '' }, async (page) => {
    const before = await metric('hftsim_dashboard_commands_total');
    for (const command of ['pause', 'resume', 'flatten', 'stop']) assert.ok(await page.isDisabled(`[data-command="${command}"]`), command);
    const status = await page.evaluate(async () => (await fetch('/api/command', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"command":"stop"}' })).status);
    assert.equal(status, 401);
    assert.equal(await metric('hftsim_dashboard_commands_total'), before);
  }));

  test('has no accessibility violation and fits a phone, in light and dark', async () => {
    for (const dark of [false, true])
      for (const width of [1280, 360])
        await withPage({ dark, width, height: 800 }, async (page) => {
          assert.deepEqual(await violations(page), [], `dark ${dark}, ${width} px`);
          await checkNoSideScroll(page);
          await page.screenshot({ path: join(shots, `live-${width}-${dark ? 'dark' : 'light'}.png`), fullPage: true });
        });
  });

  test('is stopped from the page, and its summary is there', () => withPage({}, async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('#fills tbody tr').length > 1);
    await page.screenshot({ path: join(shots, 'live.png') });
    await page.click('[data-command="stop"]');
    await page.click('[data-confirm="stop"]');
    const [code, signal] = await paper.exited;
    assert.deepEqual([code, signal], [0, null]);
    const summary = JSON.parse(readFileSync(join(folder, 's', 'summary.json'), 'utf8'));
    assert.ok(summary.recording.whole);
    await page.waitForFunction(() => /Disconnected/.test(document.getElementById('link').textContent));
  }));
});
