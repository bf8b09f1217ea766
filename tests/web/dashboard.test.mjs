// The dashboard in headless Chromium, against a server of this test that tells what SessionView wrote.
//
//   HFTSIM_DASHBOARD_PAGE      the built page
//   HFTSIM_DASHBOARD_FIXTURE   snapshot and update, by SessionView.WritesTheSessionThatThePageIsTestedWith
//   HFTSIM_WEB_SHOTS           where screenshots go
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { violations } from './axe.mjs';
import { Browser } from './browser.mjs';
import { checkNoSideScroll, pageColour } from './checks.mjs';
import { LiveServer } from './live_server.mjs';

const pageText = readFileSync(process.env.HFTSIM_DASHBOARD_PAGE, 'utf8');
const { snapshot, update } = JSON.parse(readFileSync(process.env.HFTSIM_DASHBOARD_FIXTURE, 'utf8'));
const shots = process.env.HFTSIM_WEB_SHOTS || tmpdir();
mkdirSync(shots, { recursive: true });
let browser;

before(async () => { browser = await Browser.start({ offline: false }); });
after(async () => { await browser?.stop(); });

// A page with the session drawn, and everything it complained about.
async function withPage({ hash = '', width = 1280, height = 900, dark = false, motion = 'no-preference' }, body) {
  const server = await new LiveServer(pageText, snapshot).start();
  const page = await browser.context.newPage();
  const errors = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: motion });
    await page.goto(server.url + hash);
    await page.waitForSelector('#price canvas');
    await body(page, server, errors);
  } finally {
    await page.close();
    await server.stop();
  }
}

const fact = (page, name) => page.textContent(`[data-fact="${name}"]`);
const shoot = (page, name) => page.screenshot({ path: join(shots, `dashboard-${name}.png`), fullPage: true });

describe('the dashboard', () => {
  test('shows the session and follows its updates under the strict policy', () => withPage({ hash: '#token=secret' }, async (page, server, errors) => {
    assert.match(await page.textContent('#link'), /Live · Running/);
    assert.equal(await page.locator('#fills tbody tr').count(), snapshot.fills.length);
    assert.equal(await page.locator('#orders tbody tr').count(), snapshot.orders.length);
    assert.match(await page.textContent('#orders'), /refused: exposure limit/);
    assert.match(await page.textContent('#features'), /ema_fast/);
    const row = page.locator('#fills tbody tr').last();
    await row.evaluate((element) => { element.dataset.kept = 'yes'; });
    server.send(update);
    await page.waitForFunction((count) => document.querySelectorAll('#fills tbody tr').length === count, snapshot.fills.length + update.fills.length);
    assert.equal(await row.getAttribute('data-kept'), 'yes', 'rows were rebuilt');
    const equity = Number((await fact(page, 'Equity')).replaceAll(',', ''));
    assert.ok(Math.abs(equity - update.state.equity) < 0.006, `${equity} is not ${update.state.equity}`);
    assert.equal(await page.locator('#trades tbody tr').count(), update.trades.length);
    await page.hover('#price canvas', { position: { x: 600, y: 150 } });
    await page.waitForTimeout(700);
    assert.deepEqual(errors, []);
    await shoot(page, 'desktop');
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(shots, 'dashboard-overview.png') });
  }));

  test('has no accessibility violation in light and dark, at a desk and on a phone', async () => {
    for (const dark of [false, true])
      for (const width of [1280, 360])
        for (const hash of ['', '#token=secret'])
          await withPage({ dark, width, hash, height: 800 }, async (page) => {
            assert.deepEqual(await violations(page), [], `dark ${dark}, ${width} px ${hash}`);
            await checkNoSideScroll(page);
            assert.equal(await pageColour(page) < 200, dark);
            if (hash) await shoot(page, `${width}-${dark ? 'dark' : 'light'}`);
          });
  });

  test('pauses with the keyboard alone, asked twice, with the token as bearer', () => withPage({ hash: '#token=secret' }, async (page, server, errors) => {
    assert.equal(new URL(page.url()).hash, '', 'the token stays in the address bar');
    const press = async (selector) => {
      for (let i = 0; i < 40 && !(await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)); i += 1) await page.keyboard.press('Tab');
      assert.ok(await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector), `${selector} cannot be reached`);
    };
    await press('[data-command="pause"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    assert.deepEqual(await violations(page), []);
    await shoot(page, 'dialog');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.deepEqual(server.commands, []);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.command), 'pause', 'the focus is lost');
    await page.keyboard.press('Enter');
    await press('[data-confirm="pause"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('said').textContent.includes('was sent'));
    assert.deepEqual(server.commands, [{ command: 'pause', authorization: 'Bearer secret' }]);
    server.send({ ...update, state: { ...update.state, risk: { state: 'paused', reason: null } } });
    await page.waitForFunction(() => document.getElementById('status').textContent.includes('Paused'));
    await page.reload();
    await page.waitForSelector('#price canvas');
    assert.equal(await page.isDisabled('[data-command="stop"]'), false, 'the token is forgotten');
    assert.deepEqual(errors, []);
  }));

  test('commands nothing without the token and says why', () => withPage({}, async (page, server) => {
    for (const name of ['pause', 'resume', 'flatten', 'stop']) {
      assert.ok(await page.isDisabled(`[data-command="${name}"]`));
      await page.evaluate((one) => document.querySelector(`[data-command="${one}"]`).click(), name);
    }
    assert.equal(await page.locator('dialog').count(), 0);
    assert.match(await page.textContent('#read-only'), /token/);
    assert.deepEqual(server.commands, []);
  }));

  test('says that it is disconnected and comes back to a server that began again', () => withPage({}, async (page, server) => {
    const { port } = server;
    await server.stop();
    await page.waitForFunction(() => /Disconnected/.test(document.getElementById('link').textContent));
    await page.waitForFunction(() => /Data is [1-9]\d* s old/.test(document.getElementById('link').textContent));
    server.snapshot = { ...snapshot, fills: snapshot.fills.slice(0, 2) };
    await server.start(port);
    await page.waitForFunction(() => /Live/.test(document.getElementById('link').textContent));
    assert.equal(await page.locator('#fills tbody tr').count(), 2);
  }));

  test('shows another symbol, finds a feature, and reports a message that it cannot read', () => withPage({ motion: 'reduce' }, async (page, server) => {
    await page.selectOption('#symbol', 'ETHUSDT');
    const value = snapshot.state.features.ETHUSDT[0];
    await page.waitForFunction((wanted) => document.querySelector('#features td').textContent.replaceAll(',', '').startsWith(wanted), String(Math.floor(value)));
    await page.fill('input[type="search"]', 'RSI');
    assert.equal(await page.locator('#features tbody tr:visible').count(), 1);
    server.send({ ...update, state: undefined });
    await page.waitForFunction(() => /cannot read: state is missing/.test(document.getElementById('link').textContent));
  }));

  test('stays bounded over thousands of updates', () => withPage({}, async (page, server) => {
    for (let i = 0; i < 1500; i += 1) {
      const t = update.now_ms + i * 60_000;
      server.send({ ...update, now_ms: t, equity: [[t, 10_000 + i, 0]], fills: [{ ...update.fills[0], t, id: 1000 + i }], orders: [{ ...update.orders[0], t, row: 1000 + i }],
        candles: [{ symbol: 'BTCUSDT', closed: true, bar: [t, 1, 2, 1, 2, 1] }] });
    }
    await page.waitForFunction((wanted) => document.querySelector('[data-fact="Equity"]').textContent !== '' && document.querySelectorAll('#fills tbody tr').length === wanted, 200);
    assert.equal(await page.locator('#orders tbody tr').count(), 200);
    assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) < 12_000);
  }));
});
