// A server of `hftsim exchange` on a free port, and a websocket to it that hands out messages one by one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import WebSocket from 'ws';

const program = process.env.HFTSIM_PROGRAM;
if (!program) throw new Error('set HFTSIM_PROGRAM to the built hftsim');

export class Server {
  // `args` beside the port. Resolves when it listens.
  static async start(...args) {
    const server = new Server();
    server.process = spawn(program, ['exchange', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    server.exited = once(server.process, 'exit');
    for await (const line of createInterface({ input: server.process.stdout })) {
      const [, url] = line.match(/^listening on (\S+)$/) ?? [];
      if (!url) continue;
      server.url = url;
      server.process.stdout.resume();
      return server;
    }
    throw new Error('the server ended before it listened');
  }

  get socketUrl() { return this.url.replace('http', 'ws'); }

  get(path) { return fetch(this.url + path); }

  async json(path) {
    const answer = await this.get(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  stats() { return this.json('/hftsim/stats'); }

  async fault(faults) {
    const answer = await fetch(`${this.url}/hftsim/faults`, { method: 'POST', body: faults });
    if (!answer.ok) throw new Error(await answer.text());
  }

  // Exit code and signal.
  async stop() {
    this.process.kill('SIGTERM');
    return this.exited;
  }
}

export class Stream {
  // `path` as "/ws/btcusdt@trade". Resolves when it is open.
  static async open(server, path, options = {}) {
    const stream = new Stream();
    stream.waiting = [];
    stream.texts = [];
    stream.socket = new WebSocket(server.socketUrl + path, options);
    stream.closed = once(stream.socket, 'close');
    stream.socket.on('error', () => {});
    stream.socket.on('message', (data) => stream.take(data.toString()));
    stream.socket.on('close', () => { for (const { reject } of stream.waiting) reject(new Error('closed')); });
    await once(stream.socket, 'open');
    return stream;
  }

  take(text) {
    if (this.waiting.length > 0) this.waiting.shift().resolve(text);
    else this.texts.push(text);
  }

  // The next message as it came.
  text() {
    if (this.texts.length > 0) return Promise.resolve(this.texts.shift());
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('closed'));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async json() { return JSON.parse(await this.text()); }

  // What `work` answers; meanwhile nothing is read. At full speed the server waits for who reads from it, so that no more
  // than its queue and the socket's buffers hold is sent before `work` is done, however long that takes.
  async whilePaused(work) {
    this.socket.pause();
    try {
      return await work();
    } finally {
      this.socket.resume();
    }
  }

  // The answer to one message; what streams send meanwhile is left out.
  async ask(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    for (;;) {
      const answer = await this.json();
      if ('id' in answer) return answer;
    }
  }

  async close() {
    this.socket.close();
    await this.closed;
  }
}
