import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { inTime } from '@castellan/shared/base/in-time';
import type { Net, Unseen } from '../../ports/net.js';
import { isLoopback, LOOPBACK_FOR } from '../node-net.js';
import { type Dialled, spokenNet } from '../spoken-net.js';
import { forwardArguments, type SshOptions, sshEnvironment } from './ssh-command.js';
import { lastLines, WORDS_BYTES_MAX } from './ssh-failure.js';
import type { Target } from './target.js';

/** Logging in, for each connection anew. */
const DIAL_MS_MAX = 15_000;
/** ssh says why nobody was met, and ends. */
const LAST_WORDS_MS = 2000;

export interface SshNetOptions {
  readonly target: Target;
  readonly ssh: SshOptions;
  /** Why nothing may be probed, or null. */
  readonly forbidden: string | null;
  /** Throws where what is asked rests on what is not known yet. */
  readonly mayAct: () => void;
  /** The client; absent: the system's. */
  readonly sshProgram?: string;
}

/** The node's loopback listeners, each through a connection of its own that the node makes (`ssh -W`). */
export function sshNet({ target, ssh, forbidden, mayAct, sshProgram = 'ssh' }: SshNetOptions): Net {
  const net = spokenNet(
    {
      addressOf: (host) => Promise.resolve(loopbackOf(host)),
      dial: (address, port, where) => dial(sshProgram, forwardArguments(ssh, target, address, port), where),
      dialMsMax: DIAL_MS_MAX,
    },
    forbidden,
  );
  const whenSure =
    <R, T>(ask: (request: R) => Promise<T>) =>
    async (request: R): Promise<T> => {
      if (forbidden === null) mayAct();
      return ask(request);
    };
  return {
    probeTls: whenSure(net.probeTls),
    exchange: whenSure(net.exchange),
    injectStarttls: whenSure(net.injectStarttls),
  };
}

/** The address is resolved by the node: only those are asked that mean the node itself wherever they are. */
function loopbackOf(host: string): { readonly address: string } | Unseen {
  const wanted = host === 'localhost' ? '127.0.0.1' : (LOOPBACK_FOR[host] ?? host);
  return isLoopback(wanted)
    ? { address: wanted }
    : { kind: 'forbidden', detail: `${host} is no loopback address: from beside only those are probed` };
}

function dial(program: string, argv: readonly string[], where: string): Dialled {
  const child = spawn(program, [...argv], {
    cwd: '/',
    env: sshEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('latin1')}`.slice(-WORDS_BYTES_MAX);
  });
  const over = () => undefined;
  // A client that could not be started tells the stream why.
  const ended = once(child, 'exit').then(over, over);
  const stream = new ChildStream(child);
  stream.on('error', () => stream.destroy());
  return {
    stream,
    connected: Promise.resolve(),
    unmet: async () => {
      if (stream.hasHeard) return null;
      await inTime(ended, LAST_WORDS_MS, over);
      return words === '' ? null : unmetBy(words, where);
    },
    close: () => stream.destroy(),
  };
}

function unmetBy(words: string, where: string): Unseen | null {
  if (/administratively prohibited/i.test(words))
    return { kind: 'forbidden', detail: `${where}: the node's sshd does not permit it (permitopen)` };
  if (/connect failed: Connection refused/i.test(words))
    return { kind: 'closed', detail: `${where}: nothing listens there` };
  return { kind: 'inconclusive', detail: `${where}: ${lastLines(words)}` };
}

/** What a child reads and writes, as one stream. Its end is the child's. */
class ChildStream extends Duplex {
  hasHeard = false;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    super();
    child.stdout.on('data', (chunk: Buffer) => {
      this.hasHeard = true;
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.on('end', () => this.push(null));
    child.on('close', () => this.destroy());
    child.on('error', (error) => this.destroy(error));
    // A listener that hangs up breaks the pipe: what was heard until then counts.
    child.stdin.on('error', () => child.stdin.destroy());
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.child.stdin.destroyed) done();
    else this.child.stdin.write(chunk, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.child.kill('SIGKILL');
    for (const pipe of [this.child.stdin, this.child.stdout, this.child.stderr]) pipe.destroy();
    done(error);
  }
}
