// Websocket streams of hftsim exchange, read by the npm package ws.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { BookCheck } from './book_check.mjs';
import { Server, Stream } from './server.mjs';

const flags = ['--generated', '--start', '2024-02-01T00:00:30Z', '--symbols', 'BTCUSDT,ETHUSDT', '--history-days', '1'];
const prefixes = { spot: '/api/v3', usdm: '/fapi/v1' };

// withServer(args, body): the server ends with the body, however that ends.
async function withServer(args, body) {
  const speed = args.includes('--speed') ? [] : ['--speed', 'max'];
  const server = await Server.start(...flags, ...speed, ...args);
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

for (const market of ['spot', 'usdm']) {
  describe(market, () => {
    test('closed candles equal the klines of REST', () => withServer(['--market', market], async (server) => {
      const stream = await Stream.open(server, '/ws/btcusdt@kline_1m');
      const closed = [];
      while (closed.length < 5) {
        const { k } = await stream.json();
        if (k.x) closed.push(k);
      }
      await stream.close();
      const rows = await server.json(
        `${prefixes[market]}/klines?symbol=BTCUSDT&interval=1m&startTime=${closed[0].t}&limit=5`);
      assert.deepEqual(closed.map((k) => [k.t, k.o, k.h, k.l, k.c, k.v, k.T, k.q, k.n, k.V, k.Q, k.B]), rows);
    }));

    test('a local book stays equal to the best quotes', () => withServer(['--market', market], async (server) => {
      const stream = await Stream.open(server, '/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker');
      const check = new BookCheck(market);
      for (let i = 0; i < 20; ++i) check.take((await stream.json()).data); // kept, as the procedure says
      const path = `${prefixes[market]}/depth?symbol=BTCUSDT&limit=1000`;
      assert.ok(check.join(await stream.whilePaused(() => server.json(path))));
      while (check.compared < 500) check.take((await stream.json()).data);
      await stream.close();
    }));

    test('trades of the stream are those of REST', () => withServer(['--market', market], async (server) => {
      const stream = await Stream.open(server, '/ws/ethusdt@aggTrade');
      const heard = [];
      while (heard.length < 100) heard.push(await stream.json());
      await stream.close();
      const rows = await server.json(`${prefixes[market]}/aggTrades?symbol=ETHUSDT&fromId=${heard[0].a}&limit=100`);
      assert.deepEqual(heard.map(({ a, p, q, f, l, T, m }) => ({ a, p, q, f, l, T, m })),
        rows.map(({ a, p, q, f, l, T, m }) => ({ a, p, q, f, l, T, m })));
    }));

    test('depth20 is the top of the book', () => withServer(['--market', market], async (server) => {
      const stream = await Stream.open(server, '/ws/btcusdt@depth20@100ms');
      const message = await stream.json();
      await stream.close();
      const [bids, asks] = market === 'spot' ? [message.bids, message.asks] : [message.b, message.a];
      assert.equal(bids.length, 20);
      assert.ok(+bids[0][0] < +asks[0][0]);
      for (let i = 1; i < 20; ++i) assert.ok(+bids[i][0] < +bids[i - 1][0] && +asks[i][0] > +asks[i - 1][0]);
    }));
  });
}

test('subscriptions are made, listed and taken back', () => withServer([], async (server) => {
  const stream = await Stream.open(server, '/ws');
  assert.deepEqual(await stream.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1 }), { result: null, id: 1 });
  assert.equal((await stream.json()).e, 'trade');
  assert.deepEqual((await stream.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).result, ['btcusdt@trade']);
  await stream.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 3 });
  assert.equal((await stream.ask('{')).error.code, 3);
  await stream.close();
}));

test('pings are answered, and the server asks after a silence', () => withServer(['--ping', '1'], async (server) => {
  const stream = await Stream.open(server, '/ws');
  stream.socket.ping('hello');
  const [answer] = await once(stream.socket, 'pong');
  assert.equal(answer.toString(), 'hello');
  await once(stream.socket, 'ping');
  await stream.close();
}));

test('who says too much is disconnected', () => withServer([], async (server) => {
  const stream = await Stream.open(server, '/ws');
  for (let i = 0; i < 50; ++i) stream.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: i }));
  const [code] = await stream.closed;
  assert.equal(code, 1008);
  assert.equal((await server.stats()).over_limit, 1);
}));

test('who does not take messages is disconnected and counted', () => withServer(
  ['--speed', '2000', '--queue', '512'], async (server) => {
    const stream = await Stream.open(server, '/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker/btcusdt@trade');
    stream.socket.pause();
    for (;;) {
      const { slow_consumers: slow, websockets_open: open } = await server.stats();
      if (slow === 1 && open === 0) break;
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    stream.socket.resume();
    await stream.closed;
  }));

describe('faults', () => {
  const depth = '/ws/btcusdt@depth@0ms';

  test('a gap breaks the chain of update ids, once', () => withServer([], async (server) => {
    const stream = await Stream.open(server, depth);
    await stream.whilePaused(() => server.fault('ws.gap=once'));
    let gaps = 0;
    let behind = 0;
    let last = (await stream.json()).u;
    // At this speed thousands of messages may be on their way already when the fault is asked for.
    for (let read = 0; behind < 3000 && read < 100_000; ++read) {
      const { U, u } = await stream.json();
      gaps += U !== last + 1;
      behind += gaps > 0;
      last = u;
    }
    assert.equal(gaps, 1);
    assert.equal((await server.stats()).faults.ws.gap, 1);
    await stream.close();
  }));

  test('duplicates, wrong order and broken texts are what they say', () => withServer([], async (server) => {
    const stream = await Stream.open(server, '/ws/btcusdt@trade');
    const first = await stream.json();
    await stream.whilePaused(() => server.fault('ws.duplicate=1/10,ws.reorder=1/25,ws.malformed=1/100'));
    const seen = new Map();
    let back = 0;
    let broken = 0;
    let last = first.t;
    // Here, too, messages may be on their way already.
    const isDone = () => back > 0 && broken > 0 && [...seen.values()].some((count) => count === 2);
    for (let read = 0; read < 2000 || (read % 1000 !== 0 || !isDone()) && read < 100_000; ++read) {
      const text = await stream.text();
      try {
        const { t } = JSON.parse(text);
        seen.set(t, (seen.get(t) ?? 0) + 1);
        back += t < last;
        last = t;
      } catch {
        ++broken;
      }
    }
    assert.ok([...seen.values()].some((count) => count === 2));
    assert.ok(back > 0);
    assert.ok(broken > 0);
    await stream.close();
  }));

  test('a disconnect ends the connection without a goodbye', () => withServer([], async (server) => {
    const stream = await Stream.open(server, depth);
    await server.fault('ws.disconnect=once');
    const [code] = await stream.closed;
    assert.equal(code, 1006);
    const again = await Stream.open(server, depth);
    await again.json();
    await again.close();
  }));

  test('slow messages arrive whole', () => withServer(['--fault', 'ws.slow=1/20:1ms'], async (server) => {
    const stream = await Stream.open(server, '/ws/btcusdt@trade');
    for (let i = 0; i < 100; ++i) assert.equal((await stream.json()).e, 'trade');
    assert.ok((await server.stats()).faults.ws.slow >= 5);
    await stream.close();
  }));
});

test('SIGTERM closes websockets and ends with 0', async () => {
  const server = await Server.start(...flags);
  const stream = await Stream.open(server, '/ws');
  const [[code], [closeCode]] = await Promise.all([server.stop(), stream.closed]);
  assert.equal(code, 0);
  assert.equal(closeCode, 1001);
});
