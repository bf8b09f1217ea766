// Real captures, imported and served: clients are sent what was captured, byte for byte, and a local book kept from it is
// equal to the best quotes. Needs the reference data in $HFTSIM_SHARED
// (default ../shared).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { BookCheck } from './book_check.mjs';
import { Server, Stream } from './server.mjs';

const shared = process.env.HFTSIM_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hftsim-capture-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const captureOf = (market) => join(shared, 'data', 'binance', `${market}-btcusdt-2024-08-08.jsonl.gz`);
const dataOf = (text) => text.slice(text.indexOf('"data":'));

function capturedTexts(market) {
  const lines = gunzipSync(readFileSync(captureOf(market))).toString().trim().split('\n');
  return lines.filter((line) => line.includes('"stream":')).map(dataOf);
}

// Null while the server does not know the book: the recording's snapshot comes behind changes.
async function snapshotOf(server, market) {
  const answer = await server.get(`${market === 'spot' ? '/api/v3' : '/fapi/v1'}/depth?symbol=BTCUSDT&limit=1000`);
  if (answer.status === 503) return null;
  assert.equal(answer.status, 200);
  return answer.json();
}

// Every message that is sent, while a book is kept from them.
async function heardTexts(server, market, check) {
  const stream = await Stream.open(server, '/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker/btcusdt@trade');
  const texts = [];
  let isJoined = false;
  for (;;) {
    const text = await stream.text().catch(() => null);
    if (text === null) return texts;
    texts.push(dataOf(text));
    const { data } = JSON.parse(text);
    if (data.U || (data.b && data.a)) check.take(data);
    if (!isJoined) isJoined = check.join(await stream.whilePaused(() => snapshotOf(server, market)));
  }
}

for (const [market, count] of [['spot', 41_248], ['usdm', 93_953]]) {
  const skip = existsSync(captureOf(market)) ? false : `${captureOf(market)} is absent`;
  test(`${market}: what was captured is sent again`, { skip }, async () => {
    const recording = join(folder, `${market}.hfr`);
    execFileSync(process.env.HFTSIM_PROGRAM, ['recording', 'import', captureOf(market), '--out', recording]);
    const server = await Server.start('--data', recording, '--market', market, '--speed', 'max', '--exit-at-end');
    const check = new BookCheck(market);
    const heard = await heardTexts(server, market, check);
    await server.exited;
    assert.equal(heard.length, count);
    assert.deepEqual(heard.sort(), capturedTexts(market).sort());
    assert.ok(check.compared > 1000, `${check.compared}`);
  });
}
