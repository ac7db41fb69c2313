import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { errorCode } from '../file-problems.js';
import { type SshOptions, sessionArguments, sshEnvironment } from './ssh-command.js';
import { lastLines, WORDS_BYTES_MAX, whyNoSession } from './ssh-failure.js';
import { type Target, targetText } from './target.js';

/** After our goodbye. */
const GOODBYE_MS_MAX = 3000;

export interface SshChildOptions {
  readonly target: Target;
  readonly ssh: SshOptions;
  readonly signal: AbortSignal;
  /** The client; absent: the system's. */
  readonly sshProgram?: string;
}

/** Who speaks over it. */
interface Speaker {
  /** Of the login's shell. */
  readonly line: string;
  readonly stdio: StdioOptions;
  /** Whether the far side has said anything that counts. */
  hasBegun(): boolean;
  /** Whether somebody waits for an answer. */
  isWaiting(): boolean;
  /** What the node printed before the far side answered. */
  noise(): string;
  /** The session is over: called once. */
  fail(error: CasError): void;
  /** Nothing is read or written any more. */
  destroy(): void;
}

/** An ssh client that carries one session, and how the session ends: the first reason counts, and is told to all. */
export class SshChild {
  readonly process: ChildProcess;
  readonly where: string;
  #words = '';
  #over: CasError | null = null;
  #isGoodbye = false;
  readonly #exited: Promise<void>;
  readonly #interrupt: () => void;
  #onEnd: (error: CasError) => void = () => undefined;

  constructor(
    private readonly options: SshChildOptions,
    private readonly speaker: Speaker,
  ) {
    const { target, ssh, signal, sshProgram = 'ssh' } = options;
    this.where = targetText(target);
    this.process = spawn(sshProgram, sessionArguments(ssh, target, speaker.line), {
      cwd: '/',
      env: sshEnvironment(process.env),
      stdio: speaker.stdio,
    });
    this.#exited = new Promise((resolve) => {
      this.process.on('close', (code) => {
        this.#ended(code);
        resolve();
      });
      this.process.on('error', (error) => {
        const why = `the OpenSSH client could not be started (${errorCode(error)}): it must be installed on this host`;
        this.end(casError('CAS_BESIDE_UNREACHABLE', why));
        resolve();
      });
    });
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.#words = `${this.#words}${chunk.toString('latin1')}`.slice(-WORDS_BYTES_MAX);
    });
    this.#interrupt = () => this.lose('interrupted');
    signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** Null: it goes on. */
  get over(): CasError | null {
    return this.#over;
  }

  get isGoodbye(): boolean {
    return this.#isGoodbye;
  }

  /** Called once, with why, when the session is over and before whoever waits for an answer hears of it. */
  onEnd(ended: (error: CasError) => void): void {
    if (this.#over) ended(this.#over);
    else this.#onEnd = ended;
  }

  /** To be asked once when it is begun: the signal may have come before. */
  begun(): void {
    if (this.options.signal.aborted) this.#interrupt();
  }

  lose(why: string): CasError {
    return this.end(casError('CAS_BESIDE_LOST', `${this.where}: ${why}`));
  }

  /** With what ssh said last. */
  loseWithWords(why: string): CasError {
    return this.lose(`${why}; ${lastLines(this.#words) || 'ssh said nothing'}`);
  }

  /** What the node sends is not what the far side sends. */
  breakOff(why: string): CasError {
    return this.end(casError('CAS_BESIDE_PROTOCOL', `${this.where}: ${why}`));
  }

  end(error: CasError): CasError {
    if (this.#over) return this.#over;
    this.#over = error;
    // The signal outlives many sessions.
    this.options.signal.removeEventListener('abort', this.#interrupt);
    this.#onEnd(error);
    this.speaker.fail(error);
    this.kill();
    return error;
  }

  /** `say`: sends the last word. Returns when ssh has ended, which is ended where nobody answers. */
  async close(say: () => void): Promise<void> {
    if (this.#over) return;
    this.#isGoodbye = true;
    say();
    const late = setTimeout(() => this.kill(), GOODBYE_MS_MAX);
    await this.#exited;
    clearTimeout(late);
  }

  kill(): void {
    this.process.kill('SIGKILL');
    this.speaker.destroy();
    this.process.stderr?.destroy();
  }

  /** Silence, and any exit without a goodbye, is a failure. */
  #ended(code: number | null): void {
    const { speaker, options } = this;
    if (this.#isGoodbye && !speaker.isWaiting()) this.lose('the session is closed');
    else if (speaker.hasBegun()) this.loseWithWords('the session ended in the middle');
    else this.end(whyNoSession({ target: options.target, code, noise: speaker.noise(), words: this.#words }));
  }
}
