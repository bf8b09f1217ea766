// hftsim exchange as a command: what it refuses, TLS, recordings.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Server, Stream } from './server.mjs';

const program = process.env.HFTSIM_PROGRAM;
const folder = mkdtempSync(join(tmpdir(), 'hftsim-exchange-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args) => spawnSync(program, args, { encoding: 'utf8', cwd: folder, timeout: 60_000 });

test('bad arguments end with 2 and say what is wrong', () => {
  writeFileSync(join(folder, 'junk.pem'), 'junk');
  for (const [args, words] of [
    [['--speed', '0'], '--speed'],
    [['--speed', 'fast'], "'fast'"],
    [['--market', 'coinm'], 'coinm'],
    [['--start', 'tomorrow'], 'tomorrow'],
    [['--fault', 'gap=2'], "'2'"],
    [['--fault', 'disconect=0.1'], 'disconnect'],
    [['--data', 'absent.hfr'], 'absent.hfr'],
    [['--data', 'absent.hfr', '--generated'], '--generated'],
    [['--address', 'nowhere'], 'nowhere'],
    [['--symbols', 'A,A'], 'A'],
    [['--tls', 'junk.pem', 'junk.pem'], 'junk.pem'],
    [['--history-days', '-1'], '-1'],
  ]) {
    const { status, stderr } = run('exchange', ...args);
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.ok(stderr.includes(words), stderr);
  }
});

test('a port that is taken is refused', async () => {
  const server = await Server.start('--start', '2024-02-01', '--history-days', '0');
  const { port } = new URL(server.url);
  const { status, stderr } = run('exchange', '--port', port, '--history-days', '0');
  await server.stop();
  assert.equal(status, 2);
  assert.match(stderr, new RegExp(port));
});

describe('tls', () => {
  test('REST and websockets are served over it', async () => {
    const key = join(folder, 'key.pem'), cert = join(folder, 'cert.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
    { stdio: 'ignore' });
    const server = await Server.start('--tls', cert, key, '--start', '2024-02-01', '--history-days', '1', '--speed', 'max');
    try {
      assert.match(server.url, /^https:/);
      const ca = readFileSync(cert);
      const status = await new Promise((resolve, reject) => {
        https.get(`${server.url}/api/v3/ping`, { ca }, (answer) => { answer.resume(); resolve(answer.statusCode); })
          .on('error', reject);
      });
      assert.equal(status, 200);
      const stream = await Stream.open(server, '/ws/btcusdt@kline_1m', { ca });
      assert.equal((await stream.json()).e, 'kline');
      await stream.close();
    } finally {
      await server.stop();
    }
  });
});

describe('a recording', () => {
  const file = join(folder, 'bars.hfr');

  test('comes from its first event to its end', async () => {
    assert.equal(run('generate', '--bars', '500', '--symbols', '2', '--out', file).status, 0);
    const server = await Server.start('--data', file, '--speed', 'max', '--exit-at-end');
    const stream = await Stream.open(server, '/ws/syn2usdt@kline_1m');
    const opens = [];
    for (;;) {
      const message = await stream.json().catch(() => null);
      if (!message) break;
      if (message.k.x) opens.push(message.k.t);
    }
    const [code] = await server.exited;
    assert.equal(code, 0);
    assert.equal(opens.length, 500);
    assert.equal(new Set(opens).size, 500);
  });

  test('is all history at --start end', async () => {
    const server = await Server.start('--data', file, '--start', 'end');
    const rows = await server.json('/api/v3/klines?symbol=SYN1USDT&interval=1m&limit=1000');
    await server.stop();
    assert.ok(rows.length >= 500);
  });
});
