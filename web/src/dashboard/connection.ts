// The websocket to the session: comes back by itself, and knows how old what is shown is.
import { messageProblems, type Message } from './contract';
import { token } from './token';

const backoffMs = { first: 250, most: 8000 };
const silentMs = 5000; // updates come four times a second: then the connection is dead

export interface Link { connected: boolean; ageMs: number | null; problem: string | null }

export class Connection {
  private socket: WebSocket | undefined;
  private waitMs = backoffMs.first;
  private lastMs: number | null = null;
  private problem: string | null = null;

  constructor(private readonly onMessage: (message: Message) => void) {}

  start(): void {
    this.open();
    setInterval(() => { if (this.isOpen() && this.ageMs() > silentMs) this.socket?.close(); }, 1000);
  }

  link(): Link {
    const ageMs = this.lastMs === null ? null : this.ageMs();
    return { connected: this.isOpen() && ageMs !== null && ageMs < silentMs, ageMs, problem: this.problem };
  }

  private isOpen(): boolean { return this.socket?.readyState === WebSocket.OPEN; }
  private ageMs(): number { return performance.now() - (this.lastMs ?? performance.now()); }

  private open(): void {
    const socket = new WebSocket(liveUrl(), subprotocols());
    this.socket = socket;
    socket.addEventListener('message', (event) => this.receive(String(event.data)));
    socket.addEventListener('close', () => {
      if (this.socket !== socket) return;
      setTimeout(() => this.open(), this.waitMs * (0.75 + Math.random() / 2));
      this.waitMs = Math.min(2 * this.waitMs, backoffMs.most);
    });
  }

  private receive(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      message = undefined;
    }
    const problems = messageProblems(message);
    this.problem = problems.length > 0 ? problems.join('; ') : null;
    if (problems.length > 0) return;
    this.lastMs = performance.now();
    this.waitMs = backoffMs.first;
    this.onMessage(message as Message);
  }
}

function liveUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`;
}

// A browser cannot send a header with a websocket; beyond loopback (https) the server asks for the token there, too.
function subprotocols(): string[] {
  const secret = location.protocol === 'https:' ? token() : null;
  return secret === null ? ['hftsim'] : ['hftsim', `token.${secret}`];
}
