// A server that speaks as a live session's dashboard does: the page under its strict policy, /live, /api/command.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inside = (page, tag) => new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`).exec(page)[1];

export const policyOf = (page) =>
  `default-src 'none'; script-src ${hash(inside(page, 'script'))}; style-src ${hash(inside(page, 'style'))}; ` +
  "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function frame(text) {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, body.length]) : body.length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (head.length === 4) head.writeUInt16BE(body.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(body.length), 2);
  head[0] = 0x81;
  if (head.length > 2) head[1] = head.length === 4 ? 126 : 127;
  return Buffer.concat([head, body]);
}

export class LiveServer {
  constructor(page, snapshot) {
    this.page = page;
    this.snapshot = snapshot;
    this.commands = [];
    this.sockets = new Set();
    this.connections = 0;
  }

  async start(port = 0) {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('upgrade', (request, socket) => this.upgrade(request, socket));
    await new Promise((done) => { this.server.listen(port, '127.0.0.1', done); });
    this.port = this.server.address().port;
    return this;
  }

  get url() { return `http://127.0.0.1:${this.port}/`; }

  answer(request, response) {
    if (request.method === 'POST' && request.url === '/api/command') {
      let body = '';
      request.on('data', (part) => { body += part; });
      request.on('end', () => {
        this.commands.push({ ...JSON.parse(body), authorization: request.headers.authorization });
        response.writeHead(204).end();
      });
      return;
    }
    response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policyOf(this.page) });
    response.end(request.url === '/' ? this.page : '');
  }

  upgrade(request, socket) {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: hftsim\r\n\r\n`);
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    this.send(this.snapshot);
  }

  send(message) {
    const bytes = frame(typeof message === 'string' ? message : JSON.stringify(message));
    for (const socket of this.sockets) socket.write(bytes);
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => { this.server.close(done); });
  }
}
