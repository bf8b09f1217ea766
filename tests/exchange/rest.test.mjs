// REST answers of hftsim exchange, read by Node's fetch.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Server } from './server.mjs';

const minute = 60_000;
const start = Date.parse('2024-02-01T00:00:30Z');
const flags = ['--generated', '--start', '2024-02-01T00:00:30Z', '--speed', 'max', '--symbols', 'BTCUSDT,ETHUSDT'];

for (const [market, prefix, most] of [['spot', '/api/v3', 1000], ['usdm', '/fapi/v1', 1500]]) {
  describe(market, () => {
    let server;
    before(async () => { server = await Server.start(...flags, '--market', market, '--history-days', '30'); });
    after(() => server.stop());

    async function allKlines(from) {
      const rows = [];
      for (let next = from; ;) {
        const page = await server.json(`${prefix}/klines?symbol=BTCUSDT&interval=1m&limit=${most}&startTime=${next}`);
        rows.push(...page);
        if (page.length < most) return rows;
        next = page.at(-1)[0] + minute;
      }
    }

    test('thirty days of klines are complete and end with the open one', async () => {
      const from = start - (start % minute) - 30 * 1440 * minute;
      const rows = await allKlines(from);
      assert.equal(rows.length, 30 * 1440 + 1);
      rows.forEach((row, i) => assert.equal(row[0], from + i * minute));
      assert.ok(rows.every((row) => row.length === 12 && row[6] === row[0] + minute - 1));
      assert.ok(rows.every(([, open, high, low, close]) => +low <= Math.min(+open, +close) && +high >= Math.max(+open, +close)));
      const { serverTime } = await server.json(`${prefix}/time`);
      assert.ok(rows.at(-1)[6] >= serverTime);
    });

    test('longer candles are made of the minutes', async () => {
      const from = start - (start % (1440 * minute)) - 1440 * minute;
      const minutes = await server.json(`${prefix}/klines?symbol=ETHUSDT&interval=1m&startTime=${from}&limit=60`);
      const [hour] = await server.json(`${prefix}/klines?symbol=ETHUSDT&interval=1h&startTime=${from}&limit=1`);
      assert.equal(hour[1], minutes[0][1]);
      assert.equal(hour[4], minutes[59][4]);
      assert.equal(+hour[2], Math.max(...minutes.map((row) => +row[2])));
      assert.equal(hour[8], minutes.reduce((sum, row) => sum + row[8], 0));
      assert.ok(Math.abs(hour[5] - minutes.reduce((sum, row) => sum + +row[5], 0)) < 1e-6);
    });

    test('the same seed and start give the same bytes', async () => {
      const other = await Server.start(...flags, '--market', market, '--history-days', '30');
      const path = `${prefix}/klines?symbol=BTCUSDT&interval=1m&limit=${most}`;
      try {
        assert.equal(await (await other.get(path)).text(), await (await server.get(path)).text());
      } finally {
        await other.stop();
      }
    });

    test('refusals carry the exchange’s codes', async () => {
      for (const [path, code] of [['klines?symbol=X&interval=1m', -1121], ['klines?symbol=BTCUSDT&interval=2m', -1120],
        ['klines?interval=1m', -1102], ['aggTrades?symbol=BTCUSDT&limit=x', -1100]]) {
        const answer = await server.get(`${prefix}/${path}`);
        assert.equal(answer.status, 400, path);
        assert.equal((await answer.json()).code, code, path);
      }
      assert.equal((await server.get('/api/v9/ping')).status, 404);
      assert.equal((await fetch(`${server.url}${prefix}/ping`, { method: 'PUT' })).status, 405);
    });

    test('exchangeInfo names symbols, steps and the limit', async () => {
      const info = await server.json(`${prefix}/exchangeInfo`);
      assert.deepEqual(info.symbols.map(({ symbol }) => symbol), ['BTCUSDT', 'ETHUSDT']);
      const filters = Object.fromEntries(info.symbols[0].filters.map((filter) => [filter.filterType, filter]));
      assert.equal(+filters.PRICE_FILTER.tickSize, 0.01);
      assert.equal(+filters.LOT_SIZE.stepSize, 0.00001);
      assert.equal(info.rateLimits[0].rateLimitType, 'REQUEST_WEIGHT');
    });
  });
}

test('above the weight limit requests are refused until the window ends', async () => {
  const server = await Server.start(...flags, '--weight-limit', '10');
  try {
    const statuses = [];
    for (let i = 0; i < 15; ++i) statuses.push((await server.get('/api/v3/ping')).status);
    assert.ok(statuses.includes(429)); // five at least, unless a minute has just ended
    const refused = await server.get('/api/v3/klines?symbol=BTCUSDT&interval=1m');
    if (refused.status === 429) assert.ok(+refused.headers.get('retry-after') >= 1);
    assert.ok(+refused.headers.get('x-mbx-used-weight-1m') >= 1);
  } finally {
    await server.stop();
  }
});

test('faults of requests strike when they are asked for', async () => {
  const server = await Server.start(...flags);
  try {
    await server.fault('429=once');
    const refused = await server.get('/api/v3/ping');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal((await server.get('/api/v3/ping')).status, 200);
    await server.fault('rest.disconnect=once@klines');
    await server.json('/api/v3/ping');
    await assert.rejects(server.json('/api/v3/klines?symbol=BTCUSDT&interval=1m'));
    await server.fault('rest.malformed=once');
    await assert.rejects(server.json('/api/v3/klines?symbol=BTCUSDT&interval=1m'), SyntaxError);
    await server.fault('rest.slow=once:1ms');
    assert.equal((await server.json('/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=3')).length, 3);
    const { serverTime } = await server.json('/api/v3/time');
    await server.fault('skew=+1500ms');
    assert.equal((await server.json('/api/v3/time')).serverTime, serverTime + 1500);
    const { faults } = await server.stats();
    assert.deepEqual(faults.rest, { disconnect: 1, malformed: 1, slow: 1, 429: 1 });
    await assert.rejects(server.fault('nothing=1'), /nothing/);
  } finally {
    await server.stop();
  }
});
