import { type ChildProcess, spawn } from 'node:child_process';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { errorCode } from '../file-problems.js';
import { NOISE_BYTES_MAX, StreamBroken } from './far-stream.js';
import { shellLine } from './first-line.js';
import { type Item, readItems } from './sh-words.js';
import { type SshOptions, sessionArguments, sshEnvironment } from './ssh-command.js';
import { lastLines, WORDS_BYTES_MAX, whyNoSession } from './ssh-failure.js';
import { type Target, targetText } from './target.js';

/** Of all answers to one exchange, as it is written: three bytes and a bit for one of content. */
export const EXCHANGE_BYTES_MAX = 96 * 1024 * 1024;
const GOODBYE_MS_MAX = 3000;

export interface ShLinkOptions {
  readonly target: Target;
  readonly ssh: SshOptions;
  readonly program: Buffer;
  /** 16 bytes that nobody can foresee, lower-case hex. */
  readonly marker: string;
  readonly signal: AbortSignal;
  /** The client; absent: the system's. */
  readonly sshProgram?: string;
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
  #child: ChildProcess;
  readonly #where: string;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isMarked = false;
  #words = '';
  #over: CasError | null = null;
  #waiting: Waiting | null = null;
  #last = 0;
  #isGoodbye = false;
  #exited: Promise<void>;
  #onEnd: (error: CasError) => void = () => undefined;
  readonly #interrupt: () => void;

  constructor(private readonly options: ShLinkOptions) {
    const { target, ssh, signal, sshProgram = 'ssh' } = options;
    this.#where = targetText(target);
    this.#child = spawn(sshProgram, sessionArguments(ssh, target, shellLine()), {
      cwd: '/',
      env: sshEnvironment(process.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#ended(code);
        resolve();
      });
      this.#child.on('error', (error) => {
        this.end(
          'CAS_BESIDE_UNREACHABLE',
          `the OpenSSH client could not be started (${errorCode(error)}): it must be installed on this host`,
        );
        resolve();
      });
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#words = `${this.#words}${chunk.toString('latin1')}`.slice(-WORDS_BYTES_MAX);
    });
    this.#child.stdin?.on('error', () => this.#child.stdin?.destroy());
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#interrupt = () => this.end('CAS_BESIDE_LOST', `${this.#where}: interrupted`);
    signal.addEventListener('abort', this.#interrupt, { once: true });
    if (signal.aborted) this.#interrupt();
  }

  /** What the program says of itself, before anything is asked. */
  async begin(msMax: number): Promise<readonly Item[]> {
    const { marker, program } = this.options;
    const answered = this.#await([0], msMax);
    this.#child.stdin?.write(Buffer.concat([Buffer.from(`${marker} ${program.length}\n`), program]));
    const [said = []] = await answered;
    return said;
  }

  /** The answer to each, in order. Rejects with a CasError when the session is over, or by this answer. */
  async exchange(requests: readonly ShRequest[], msMax: number): Promise<(readonly Item[])[]> {
    if (requests.length === 0) return [];
    if (this.#over) throw this.#over;
    if (this.#waiting) throw new Error('one exchange at a time');
    const numbers = requests.map(() => {
      this.#last += 1;
      return this.#last;
    });
    const answered = this.#await(numbers, msMax);
    const lines = requests.map(({ kind, folder, rest }, index) =>
      [kind, numbers[index], folder.length, ...folder, ...rest].join(' '),
    );
    this.#child.stdin?.write(`k 0 0\n${lines.join('\n')}\n`, 'latin1');
    return answered;
  }

  get isOver(): boolean {
    return this.#over !== null;
  }

  onEnd(ended: (error: CasError) => void): void {
    if (this.#over) ended(this.#over);
    else this.#onEnd = ended;
  }

  async close(): Promise<void> {
    if (this.#over) return;
    this.#isGoodbye = true;
    this.#child.stdin?.end('q 0 0\n');
    const late = setTimeout(() => this.kill(), GOODBYE_MS_MAX);
    await this.#exited;
    clearTimeout(late);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy();
  }

  /** What the node sends is not what the sh program sends. */
  broken(why: string): CasError {
    return this.end(
      'CAS_BESIDE_PROTOCOL',
      `${this.#where}: the node does not answer as the sh program does: ${why}`,
    );
  }

  end(code: 'CAS_BESIDE_PROTOCOL' | 'CAS_BESIDE_LOST' | 'CAS_BESIDE_UNREACHABLE', detail: string): CasError {
    return this.#end(casError(code, detail));
  }

  #await(numbers: number[], msMax: number): Promise<(readonly Item[])[]> {
    return new Promise((resolve, reject) => {
      const answers: (readonly Item[])[] = [];
      const late = setTimeout(
        () =>
          this.end('CAS_BESIDE_LOST', `${this.#where}: no answer in ${msMax / 1000} s; ${this.#lastWords()}`),
        msMax,
      );
      const settle = (error: CasError | null) => {
        clearTimeout(late);
        this.#waiting = null;
        if (error) reject(error);
        else resolve(answers);
      };
      this.#waiting = { numbers: [...numbers], answers, lines: [], bytes: 0, settle };
      if (this.#over) settle(this.#over);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#over) return;
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
    if (this.#isGoodbye && !waiting && line === 'g') return;
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

  /** Silence, and any exit without a goodbye, is a failure. */
  #ended(code: number | null): void {
    if (this.#isGoodbye && !this.#waiting)
      this.end('CAS_BESIDE_LOST', `${this.#where}: the session is closed`);
    else if (this.#isMarked)
      this.end('CAS_BESIDE_LOST', `${this.#where}: the session ended in the middle; ${this.#lastWords()}`);
    else
      this.#end(whyNoSession({ target: this.options.target, code, noise: this.noise, words: this.#words }));
  }

  #end(error: CasError): CasError {
    if (this.#over) return this.#over;
    this.#over = error;
    this.options.signal.removeEventListener('abort', this.#interrupt);
    this.#onEnd(error);
    this.#waiting?.settle(error);
    this.kill();
    return error;
  }

  #lastWords(): string {
    return lastLines(this.#words) || 'ssh said nothing';
  }
}
