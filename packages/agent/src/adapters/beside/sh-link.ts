import type { CasError } from '@castellan/shared/errors/cas-error';
import { NOISE_BYTES_MAX, StreamBroken } from './far-stream.js';
import { shellLine } from './first-line.js';
import { type Item, readItems } from './sh-words.js';
import { SshChild, type SshChildOptions } from './ssh-child.js';

/** Of all answers to one exchange, as it is written: three bytes and a bit for one of content. */
export const EXCHANGE_BYTES_MAX = 96 * 1024 * 1024;

export interface ShLinkOptions extends SshChildOptions {
  readonly program: Buffer;
  /** 16 bytes that nobody can foresee, lower-case hex. */
  readonly marker: string;
}

/** A request: kind, the names that lead to its folder, and what else it is about, all but the kind as words. */
export interface ShRequest {
  readonly kind: 's' | 'r' | 'n' | 'w' | 'a' | 'e' | 'p';
  readonly folder: readonly string[];
  readonly rest: readonly string[];
}

interface Waiting {
  /** Requests whose end is still to come, by their numbers in order. */
  readonly numbers: number[];
  readonly answers: (readonly Item[])[];
  lines: string[];
  bytes: number;
  settle(error: CasError | null): void;
}

/** An ssh session with the sh program: lines to it, and lines from it. One exchange at a time. */
export class ShLink {
  noise = '';
  readonly #ssh: SshChild;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isMarked = false;
  #waiting: Waiting | null = null;
  #last = 0;

  constructor(private readonly options: ShLinkOptions) {
    this.#ssh = new SshChild(options, {
      line: shellLine(),
      stdio: ['pipe', 'pipe', 'pipe'],
      hasBegun: () => this.#isMarked,
      isWaiting: () => this.#waiting !== null,
      noise: () => this.noise,
      fail: (error) => this.#waiting?.settle(error),
      destroy: () => {
        for (const stream of [this.#stdin, this.#ssh.process.stdout]) stream?.destroy();
      },
    });
    this.#stdin?.on('error', () => this.#stdin?.destroy());
    this.#ssh.process.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#ssh.begun();
  }

  get #stdin() {
    return this.#ssh.process.stdin;
  }

  /** What the program says of itself, before anything is asked. */
  async begin(msMax: number): Promise<readonly Item[]> {
    const { marker, program } = this.options;
    const answered = this.#await([0], msMax);
    this.#stdin?.write(Buffer.concat([Buffer.from(`${marker} ${program.length}\n`), program]));
    const [said = []] = await answered;
    return said;
  }

  /** The answer to each, in order. Rejects with a CasError when the session is over, or by this answer. */
  async exchange(requests: readonly ShRequest[], msMax: number): Promise<(readonly Item[])[]> {
    if (requests.length === 0) return [];
    if (this.#ssh.over) throw this.#ssh.over;
    if (this.#waiting) throw new Error('one exchange at a time');
    const numbers = requests.map(() => {
      this.#last += 1;
      return this.#last;
    });
    const answered = this.#await(numbers, msMax);
    const lines = requests.map(({ kind, folder, rest }, index) =>
      [kind, numbers[index], folder.length, ...folder, ...rest].join(' '),
    );
    this.#stdin?.write(`k 0 0\n${lines.join('\n')}\n`, 'latin1');
    return answered;
  }

  get isOver(): boolean {
    return this.#ssh.over !== null;
  }

  onEnd(ended: (error: CasError) => void): void {
    this.#ssh.onEnd(ended);
  }

  close(): Promise<void> {
    return this.#ssh.close(() => this.#stdin?.end('q 0 0\n'));
  }

  kill(): void {
    this.#ssh.kill();
  }

  /** What the node sends is not what the sh program sends. */
  broken(why: string): CasError {
    return this.#ssh.breakOff(`the node does not answer as the sh program does: ${why}`);
  }

  #await(numbers: number[], msMax: number): Promise<(readonly Item[])[]> {
    return new Promise((resolve, reject) => {
      const answers: (readonly Item[])[] = [];
      const late = setTimeout(() => this.#ssh.loseWithWords(`no answer in ${msMax / 1000} s`), msMax);
      const settle = (error: CasError | null) => {
        clearTimeout(late);
        this.#waiting = null;
        if (error) reject(error);
        else resolve(answers);
      };
      this.#waiting = { numbers: [...numbers], answers, lines: [], bytes: 0, settle };
      if (this.#ssh.over) settle(this.#ssh.over);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#ssh.over) return;
    try {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      if (!this.#isMarked && !this.#passMarker()) return;
      // Lines are short: without an end there is none.
      if (!this.#pending.at(-1)?.includes(10)) {
        if (this.#pendingBytes > NOISE_BYTES_MAX) throw new StreamBroken('a line without an end');
        return;
      }
      const lines = Buffer.concat(this.#pending).toString('latin1').split('\n');
      const rest = Buffer.from(lines.pop() ?? '', 'latin1');
      this.#pending = [rest];
      this.#pendingBytes = rest.length;
      for (const line of lines) this.#line(line);
    } catch (error) {
      if (!(error instanceof StreamBroken)) throw error;
      this.broken(error.message);
    }
  }

  /** What start-up files print comes before it; behind it nothing is skipped. */
  #passMarker(): boolean {
    const all = Buffer.concat(this.#pending);
    const marker = Buffer.from(`${this.options.marker}\n`, 'latin1');
    const at = all.indexOf(marker);
    if (at > NOISE_BYTES_MAX || (at < 0 && all.length > NOISE_BYTES_MAX + marker.length))
      throw new StreamBroken(
        `more than ${NOISE_BYTES_MAX} bytes were printed before the sh program answered`,
      );
    this.noise = all.toString('latin1', 0, at < 0 ? all.length : at);
    this.#pending = [at < 0 ? all : all.subarray(at + marker.length)];
    this.#isMarked = at >= 0;
    return this.#isMarked;
  }

  #line(line: string): void {
    const waiting = this.#waiting;
    if (this.#ssh.isGoodbye && !waiting && line === 'g') return;
    if (!waiting) throw new StreamBroken('a line that nobody asked for');
    waiting.bytes += line.length + 1;
    if (waiting.bytes > EXCHANGE_BYTES_MAX)
      throw new StreamBroken(`an answer of more than ${EXCHANGE_BYTES_MAX} bytes`);
    if (!line.startsWith('z ')) {
      waiting.lines.push(line);
      return;
    }
    const number = waiting.numbers.shift();
    if (line !== `z ${number}`)
      throw new StreamBroken(`an answer to ${line.slice(2, 20)}, which nobody asked`);
    waiting.answers.push(readItems(waiting.lines));
    waiting.lines = [];
    if (waiting.numbers.length === 0) waiting.settle(null);
  }
}
