// hftsim as a process of its own, until the test stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const program = process.env.HFTSIM_PROGRAM;

export class Program {
  // Resolves when a line that it prints matches; `found` is the match.
  static async start(args, pattern) {
    if (!program) throw new Error('set HFTSIM_PROGRAM to the built hftsim');
    const running = new Program();
    running.process = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.exited = once(running.process, 'exit');
    for await (const line of createInterface({ input: running.process.stdout })) {
      running.found = pattern.exec(line);
      if (!running.found) continue;
      running.process.stdout.resume();
      return running;
    }
    throw new Error(`${args.join(' ')} ended before it printed ${pattern}`);
  }

  // Exit code and signal.
  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    return this.exited;
  }
}

// A generated market, a minute of it a second; `found[1]` is its address without the protocol.
export const startMarket = () => Program.start(['exchange', '--generated', '--seed', '7', '--speed', '60', '--port', '0'], /^listening on http:(\S+)$/);
