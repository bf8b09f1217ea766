// An exchange that is not ours: a server on the npm package ws that sends a captured session's messages as they were, at
// full pace, each as a text frame, to whoever asks for their streams; and answers REST as far as a feed asks.
//
//   node capture_server.mjs MARKET CERTIFICATE FILE...
//
// MARKET: spot or usdm. CERTIFICATE: PEM of certificate and key, or "" to speak plainly. FILE: lines of a capture, not
// compressed (adapters/binance/capture_file.h has the layouts). Prints "listening on ws://127.0.0.1:PORT" and, per
// connection, "sent COUNT".
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

import { WebSocketServer } from 'ws';

const [market, certificate, ...files] = process.argv.slice(2);
const prefix = market === 'spot' ? '/api/v3' : '/fapi/v1';

// Filters as Binance writes them: tick and lot, with as many decimals as prices and quantities have.
const filters = {
  spot: { BTCUSDT: ['0.01000000', '0.00001000'] },
  usdm: {
    BTCUSDT: ['0.10', '0.001'],
    SUSHIUSDT: ['0.0010', '1'],
    AKROUSDT: ['0.00001', '1'],
    KEEPUSDT: ['0.0001', '1'],
    CTKUSDT: ['0.00100', '1'],
  },
}[market];

const messages = []; // { text, stream: "btcusdt@depth" }
const snapshots = new Map(); // by symbol; "" where the capture does not say
let lastMs = 0;

for (const line of files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
  const at = line.indexOf('{');
  if (at < 0) continue; // the line that names the streams
  const text = line.slice(at);
  const { stream, data } = JSON.parse(text);
  if (!stream) {
    snapshots.set(line.match(/[?&]symbol=(\w+)/)?.[1] ?? '', text);
  } else {
    messages.push({ text, stream: stream.split('@').slice(0, 2).join('@') });
    lastMs = Math.max(lastMs, data.E ?? 0);
  }
}

function symbolInfo(symbol) {
  const [tickSize, stepSize] = filters[symbol];
  return {
    symbol,
    status: 'TRADING',
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '9000', stepSize },
    ],
  };
}

function restBody({ pathname, searchParams }) {
  if (pathname === `${prefix}/time`) return JSON.stringify({ serverTime: lastMs });
  if (pathname === `${prefix}/exchangeInfo`) {
    const one = searchParams.get('symbol'), several = searchParams.get('symbols');
    const wanted = one ? [one] : several ? JSON.parse(several) : Object.keys(filters);
    return JSON.stringify({ timezone: 'UTC', serverTime: lastMs, symbols: wanted.map(symbolInfo) });
  }
  if (pathname === `${prefix}/depth`) return snapshots.get(searchParams.get('symbol')) ?? snapshots.get('');
  return undefined;
}

function answer(request, response) {
  const body = restBody(new URL(request.url, 'http://localhost'));
  response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json', 'x-mbx-used-weight-1m': '1' });
  response.end(body ?? '{"code":-5000,"msg":"Path not found."}');
}

const pem = certificate ? readFileSync(certificate) : null;
const http = pem ? createTlsServer({ cert: pem, key: pem }, answer) : createServer(answer);
const server = new WebSocketServer({ server: http, perMessageDeflate: true });
server.on('connection', (socket, request) => {
  const asked = new URL(request.url, 'http://localhost').searchParams.get('streams') ?? '';
  const streams = new Set(asked.split('/').map((name) => name.split('@').slice(0, 2).join('@')));
  const sent = messages.filter(({ stream }) => streams.has(stream));
  for (const { text } of sent) socket.send(text);
  console.log(`sent ${sent.length}`);
});
http.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${pem ? 'wss' : 'ws'}://127.0.0.1:${http.address().port}`);
});
