import type { CasError } from '@castellan/shared/errors/cas-error';
import { type FarHello, readHello } from './far-hello.js';
import type { FarProgram } from './far-program.js';
import { FarStream, type Frame, StreamBroken } from './far-stream.js';
import { decodeFields, encodeFields } from './fields.js';
import { firstLine, type SessionMode } from './first-line.js';
import { type Pipes, streamPipes } from './pipes.js';
import { SshChild, type SshChildOptions } from './ssh-child.js';

/** Connecting, logging in, and the program's first words. */
export const HELLO_MS_MAX = 60_000;
/** Beyond what the far side gives itself. */
const ANSWER_MS_BEYOND = 15_000;
/** Content of one look, and what is said of it. */
export const ANSWER_BYTES_MAX = 128 * 1024 * 1024;
/** Requests that wait for their turn: the far side has one at a time. */
export const WAITING_MAX = 256;

export type RequestKind = 'L' | 'A' | 'W' | 'E' | 'P' | 'R' | 'B' | 'V' | 'D' | 'C';

/** `refused`: the far side says that there is no answer, by the system's word and the path. */
export type FarAnswer =
  | { readonly kind: 'answered'; readonly parts: readonly Buffer[]; readonly end: readonly Buffer[] }
  | { readonly kind: 'refused'; readonly code: string; readonly at: Buffer };

export interface FarSession {
  readonly hello: FarHello;
  /** Where there is no Perl: what cannot be seen of the node, a line each. Absent: the Perl program answers. */
  readonly blind?: readonly string[];
  /** What the node printed before the far program answered; empty: nothing. */
  readonly noise: string;
  /** Rejects with a CasError when the session is over, or by this answer: nothing is asked of it then any more. */
  request(kind: RequestKind, fields: readonly (string | Buffer)[], farMsMax: number): Promise<FarAnswer>;
  /**
   * As `request`, and waits for the answer while nothing else of this process runs: for ports that answer at once. Only
   * where `pipes` can be waited for.
   */
  requestNow(kind: RequestKind, fields: readonly (string | Buffer)[], farMsMax: number): FarAnswer;
  /** Nothing reaches the node by this session any more. */
  readonly isOver: boolean;
  /** Called once, with why, when the session is over and before whoever waits for an answer hears of it. */
  onEnd(ended: (error: CasError) => void): void;
  /** Says goodbye, and ends ssh when nobody answers it. */
  close(): Promise<void>;
}

export interface SessionOptions extends SshChildOptions {
  readonly program: FarProgram;
  /** 16 bytes that nobody can foresee, lower-case hex. */
  readonly marker: string;
  /** What is asked for; absent: to look. */
  readonly mode?: SessionMode;
  /** How ssh is spoken to; absent: by streams, which cannot be waited for. */
  readonly pipes?: Pipes;
}

/** Logs in, and brings the far program to its first word. */
export async function openSession(options: SessionOptions): Promise<FarSession> {
  const session = new Session(options);
  try {
    await session.begin();
    return session;
  } catch (error) {
    session.kill();
    throw error;
  }
}

interface Open {
  readonly request: number;
  readonly parts: Buffer[];
  /** When its answer is late, by `performance.now()`. */
  readonly until: number;
  bytes: number;
  resolve(frame: Frame): void;
}

class Session implements FarSession {
  noise = '';
  readonly #ssh: SshChild;
  readonly #pipes: Pipes;
  readonly #mode: SessionMode;
  readonly #stream: FarStream;
  #hello: FarHello | null = null;
  #open: Open | null = null;
  #fail: (error: CasError) => void = () => undefined;
  /** Of the request before, which ended well or not: it never rejects. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #last = 0;

  constructor(private readonly options: SessionOptions) {
    const { marker, mode = 'look', pipes = streamPipes() } = options;
    this.#pipes = pipes;
    this.#mode = mode;
    this.#stream = new FarStream(marker);
    this.#ssh = new SshChild(options, {
      line: firstLine(mode),
      stdio: [...pipes.given, 'pipe'],
      hasBegun: () => this.#hello !== null,
      isWaiting: () => this.#open !== null,
      noise: () => this.#stream.noise,
      fail: (error) => this.#fail(error),
      destroy: () => pipes.destroy(),
    });
    pipes.begin(this.#ssh.process, (chunk) => this.#take(chunk));
    this.#ssh.begun();
  }

  onEnd(ended: (error: CasError) => void): void {
    this.#ssh.onEnd(ended);
  }

  get hello(): FarHello {
    if (!this.#hello) throw new Error('asked before the far program answered');
    return this.#hello;
  }

  async begin(): Promise<void> {
    const { marker, program } = this.options;
    const head = `castellan ${marker} ${program.text.length} ${this.#mode}\n`;
    this.#pipes.write(Buffer.concat([Buffer.from(head), program.text]));
    const frame = await this.#answerTo(0, HELLO_MS_MAX);
    if (frame.kind !== 'h') throw this.#broken('its first word is no hello');
    this.#hello = readHello(frame.body, program.digest, this.#ssh.where);
    this.noise = this.#stream.noise;
  }

  request(kind: RequestKind, fields: readonly (string | Buffer)[], farMsMax: number): Promise<FarAnswer> {
    if (this.#waiting >= WAITING_MAX)
      return Promise.reject(new Error(`more than ${WAITING_MAX} requests wait for one node`));
    this.#waiting += 1;
    const done = this.#turn.then(() => this.#ask(kind, fields, farMsMax));
    const settled = () => {
      this.#waiting -= 1;
    };
    this.#turn = done.then(settled, settled);
    return done;
  }

  async #ask(kind: RequestKind, fields: readonly (string | Buffer)[], farMsMax: number): Promise<FarAnswer> {
    if (this.#ssh.over) throw this.#ssh.over;
    this.#last += 1;
    const answer = this.#answerTo(this.#last, farMsMax + ANSWER_MS_BEYOND);
    this.#send(kind, encodeFields(fields));
    const parts = this.#open?.parts ?? [];
    return this.#answerOf(await answer, parts);
  }

  requestNow(kind: RequestKind, fields: readonly (string | Buffer)[], farMsMax: number): FarAnswer {
    // Whoever asked before gets its answer first: the far side has one request at a time.
    this.#await(() => this.#open === null, this.#open?.until ?? 0);
    if (this.#ssh.over) throw this.#ssh.over;
    this.#last += 1;
    const until = performance.now() + farMsMax + ANSWER_MS_BEYOND;
    const told: { frame: Frame | null } = { frame: null };
    const open: Open = {
      request: this.#last,
      parts: [],
      until,
      bytes: 0,
      resolve: (frame) => {
        this.#open = null;
        told.frame = frame;
      },
    };
    this.#open = open;
    this.#fail = () => {
      this.#open = null;
    };
    this.#send(kind, encodeFields(fields));
    this.#await(() => told.frame !== null, until);
    if (told.frame === null) throw this.#ssh.over ?? this.#broken('no answer came');
    return this.#answerOf(told.frame, open.parts);
  }

  get isOver(): boolean {
    return this.#ssh.over !== null;
  }

  /** Returns when it is so, or the session is over. */
  #await(isSo: () => boolean, until: number): void {
    while (!isSo() && !this.#ssh.over) {
      const isThere = this.#pipes.wait(until);
      if (isThere === 'late') this.#ssh.loseWithWords('no answer in time');
      if (isThere === 'ended') this.#ssh.loseWithWords('the session ended in the middle');
    }
  }

  #answerOf(frame: Frame, parts: readonly Buffer[]): FarAnswer {
    const end = decodeFields(frame.body);
    const told = decodeFields(Buffer.concat(parts));
    if (!end || !told) throw this.#broken('an answer is not whole');
    if (frame.kind === 'e') return { kind: 'answered', parts: told, end };
    const [code, at] = end;
    if (frame.kind !== 'x' || !code || !at) throw this.#broken('an answer has no end');
    if (code.toString('latin1') === 'EFAULT')
      throw this.#ssh.breakOff(`the far program failed: ${at.toString('utf8').trim()}`);
    return { kind: 'refused', code: code.toString('latin1').slice(0, 32), at };
  }

  close(): Promise<void> {
    return this.#ssh.close(() => {
      this.#send('Q', Buffer.alloc(0));
      this.#pipes.end();
    });
  }

  kill(): void {
    this.#ssh.kill();
  }

  #send(kind: string, body: Buffer): void {
    const head = Buffer.alloc(9);
    head.writeUInt32BE(body.length);
    head.write(kind, 4, 'latin1');
    head.writeUInt32BE(this.#last, 5);
    this.#pipes.write(Buffer.concat([head, body]));
  }

  /** The frame that ends the answer. */
  #answerTo(request: number, msMax: number): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#ssh.loseWithWords(`no answer in ${msMax / 1000} s`), msMax);
      const settle = () => {
        clearTimeout(late);
        this.#open = null;
        this.#fail = () => undefined;
      };
      this.#open = {
        request,
        parts: [],
        until: performance.now() + msMax,
        bytes: 0,
        resolve: (frame) => {
          settle();
          resolve(frame);
        },
      };
      this.#fail = (error) => {
        settle();
        reject(error);
      };
      if (this.#ssh.over) this.#fail(this.#ssh.over);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#ssh.over) return;
    try {
      for (const frame of this.#stream.take(chunk)) this.#frame(frame);
    } catch (error) {
      if (!(error instanceof StreamBroken)) throw error;
      this.#broken(error.message);
    }
  }

  #frame(frame: Frame): void {
    if (this.#ssh.isGoodbye && frame.kind === 'g') return;
    const open = this.#open;
    if (!open || open.request !== frame.request)
      throw new StreamBroken(`an answer to request ${frame.request}, which nobody asked`);
    if (frame.kind !== 'p') return open.resolve(frame);
    open.bytes += frame.body.length;
    if (open.bytes > ANSWER_BYTES_MAX)
      throw new StreamBroken(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    open.parts.push(frame.body);
  }

  #broken(why: string): CasError {
    const told = this.#stream.noise.trim().split('\n')[0]?.slice(0, 200);
    const noise = told ? ` (printed before it: ${told})` : '';
    return this.#ssh.breakOff(`the node does not answer as the far program does: ${why}${noise}`);
  }
}
