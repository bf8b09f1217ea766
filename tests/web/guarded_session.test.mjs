// A live session whose dashboard is served beyond loopback: hftsim exchange, hftsim paper with a certificate that nobody
// vouches for, as docs/dashboard.md has it made, and clients that know that certificate alone.
//
//   HFTSIM_PROGRAM     the built hftsim
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';

import { Browser } from './browser.mjs';
import { metricIn } from './metric.mjs';
import { Program, startMarket } from './program.mjs';
import { until } from './until.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hftsim-guarded-'));
const file = (name) => join(folder, name);
const strategy = ['--strategy', 'sma_cross', '--set', 'strategy.fast=1', '--set', 'strategy.slow=2'];
let exchange;
let paper;
let browser;
let port;
let token;

function makeCertificate() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', file('key.pem'),
                           '-out', file('cert.pem'), '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
}

before(async () => {
  makeCertificate();
  browser = await Browser.start({ offline: false, anyCertificate: true });
  exchange = await startMarket();
  paper = await Program.start(['paper', '--symbol', 'BTCUSDT', '--url', `ws:${exchange.found[1]}`, '--out', file('s'), ...strategy,
                               '--dashboard', '0.0.0.0:0', '--dashboard-cert', file('cert.pem'), '--dashboard-key', file('key.pem')],
    /^dashboard at https:\/\/0\.0\.0\.0:(\d+)\/#token=(\S+)$/);
  [, port, token] = paper.found;
});

after(async () => {
  await browser?.stop();
  await paper?.stop();
  await exchange?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const bearer = (secret) => ({ Authorization: `Bearer ${secret}` });

// Status and body over TLS, of a server with our certificate and no other.
async function ask(path, { method = 'GET', headers = {}, body } = {}) {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, ca: readFileSync(file('cert.pem')), agent: false });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  return { status: answer.statusCode, body: await text(answer) };
}

const command = (name, headers) => ask('/api/command', { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify({ command: name }) });

const metric = async (name) => metricIn((await ask('/metrics', { headers: bearer(token) })).body, name);

const isState = async (state) => await metric(`hftsim_trading_state{state="${state}"}`) === 1;

async function withPage(hash, body) {
  const page = await browser.context.newPage();
  const seen = { sockets: [], errors: [] };
  page.on('websocket', (socket) => seen.sockets.push(socket.url()));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text()); });
  try {
    await page.goto(`https://127.0.0.1:${port}/${hash}`);
    await body(page, seen);
  } finally {
    await page.close();
  }
}

describe('a live session beyond loopback', () => {
  test('shows its page over TLS to anyone, its health to the token alone', async () => {
    const page = await ask('/');
    assert.equal(page.status, 200);
    assert.match(page.body, /<html/);
    for (const headers of [{}, bearer(`${token}x`)]) assert.equal((await ask('/healthz', { headers })).status, 401);
    await until(async () => (await ask('/healthz', { headers: bearer(token) })).status === 200, 'healthy');
    const health = JSON.parse((await ask('/healthz', { headers: bearer(token) })).body);
    assert.deepEqual([health.ok, health.connected, health.recording], [true, true, true]);
  });

  test('is heard and commanded by a browser through wss', () => withPage(`#token=${token}`, async (page, { sockets, errors }) => {
    await page.waitForFunction(() => /Live · Running/.test(document.getElementById('link').textContent));
    assert.deepEqual(sockets, [`wss://127.0.0.1:${port}/live`]);
    const newest = () => page.textContent('#trades tbody tr');
    const first = await newest();
    await until(async () => await newest() !== first, 'another trade');
    for (const [name, state, shownAs] of [['pause', 'paused', 'Paused'], ['resume', 'running', 'Running']]) {
      await page.click(`[data-command="${name}"]`);
      await page.click(`[data-confirm="${name}"]`);
      await page.waitForFunction((shown) => document.getElementById('link').textContent.includes(shown), shownAs);
      await until(() => isState(state), state);
    }
    assert.deepEqual(errors, []);
  }));

  test('is neither heard nor changed without the token', async () => {
    const taken = await metric('hftsim_dashboard_commands_total');
    assert.ok(taken >= 2); // of the test before
    for (const headers of [{}, bearer(`${token}x`), bearer(token.slice(1))])
      for (const name of ['pause', 'flatten', 'stop']) assert.equal((await command(name, headers)).status, 401, name);
    await withPage('', async (page, { errors }) => {
      const refusal = `'wss://127.0.0.1:${port}/live' failed: HTTP Authentication failed`; // 401, as Chromium says it
      await until(() => errors.some((error) => error.includes(refusal)), refusal);
      assert.doesNotMatch(await page.textContent('#link'), /Live/);
    });
    assert.equal(await metric('hftsim_dashboard_commands_total'), taken);
    assert.ok(await isState('running'));
  });

  test('obeys a program that has the token', async () => {
    assert.equal((await command('pause', bearer(token))).status, 204);
    await until(() => isState('paused'), 'paused');
    const { state } = JSON.parse((await ask('/api/session', { headers: bearer(token) })).body);
    assert.equal(state.risk.state, 'paused');
    assert.equal((await command('resume', bearer(token))).status, 204);
    await until(() => isState('running'), 'running');
  });

  test('answers nothing in plain HTTP', async () => {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api/command`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...bearer(token) }, body: '{"command":"stop"}' }));
    assert.ok(await isState('running'));
  });

  test('ends when it is told to, with everything recorded', async () => {
    assert.equal((await command('stop', bearer(token))).status, 204);
    assert.deepEqual(await paper.exited, [0, null]);
    assert.ok(JSON.parse(readFileSync(join(folder, 's', 'summary.json'), 'utf8')).recording.whole);
  });
});
