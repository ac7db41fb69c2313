import type { Exec, ExecRequest, ExecResult } from '../../ports/exec.js';
import { type OwnIdentity, strangerIn } from '../descriptors/trust.js';
import { BASE_ENV, OUTPUT_BYTES_MAX } from '../node-exec.js';
import { OutputKeeper } from '../output-keeper.js';
import type { FarLook } from './far-looks.js';
import type { FarSession } from './far-session.js';
import { type LookStore, notWhatWasAsked } from './look-store.js';
import { unreached } from './snapshot-files.js';

type Unstarted = Extract<ExecResult, { kind: 'unstarted' }>;

export interface FarExecOptions {
  readonly session: FarSession;
  readonly store: LookStore;
  /** Programs are not run: the tree is only read. */
  readonly isTree: boolean;
  readonly mayAct: () => void;
}

/** Programs of the node, run by the far side without a shell. Within a look the same request is carried out once. */
export class FarExec implements Exec {
  readonly #known = new Map<string, Promise<ExecResult>>();

  constructor(private readonly options: FarExecOptions) {}

  forget(): void {
    this.#known.clear();
  }

  run(request: ExecRequest): Promise<ExecResult> {
    if (this.options.isTree)
      return Promise.resolve(
        unstarted('forbidden', 'programs of a tree that is only read are not run (--live permits it)'),
      );
    if (request.started)
      return Promise.resolve(unstarted('forbidden', 'nothing is changed on a node from beside'));
    this.options.mayAct();
    const { program, argv, stdin, env, outputBytesMax } = request;
    const key = JSON.stringify([program, argv, stdin, env, outputBytesMax]);
    const known = this.#known.get(key) ?? this.#start(request);
    this.#known.set(key, known);
    return orAborted(known, request);
  }

  async #start(request: ExecRequest): Promise<ExecResult> {
    const refusal = await this.#whyNotRunnable(request.program);
    if (refusal) return refusal;
    const { program, argv, stdin = '', timeoutMs, secrets = [] } = request;
    const bytesMax = request.outputBytesMax ?? OUTPUT_BYTES_MAX;
    // So much more that a secret on the border is whole when it is masked.
    const margin = Math.max(0, ...secrets.map((secret) => Buffer.byteLength(secret)));
    const env = Object.entries({ ...BASE_ENV, ...request.env }).flat();
    const answer = await this.options.session.request(
      'E',
      [program, String(timeoutMs), String(bytesMax + margin), stdin, String(env.length), ...env, ...argv],
      timeoutMs,
    );
    if (answer.kind === 'refused') return unstarted('failed', `${program}: ${answer.code}`);
    const [kind, word, out, err] = answer.end;
    if (!kind || !word || !out || !err) throw notWhatWasAsked();
    const kept = (bytes: Buffer) => {
      const keeper = new OutputKeeper(bytesMax, secrets);
      keeper.add(bytes);
      return keeper.text();
    };
    return resultOf(program, kind.toString('latin1'), word.toString('latin1'), {
      stdout: kept(out),
      stderr: kept(err),
    });
  }

  async #whyNotRunnable(program: string): Promise<Unstarted | null> {
    const [answer] = await this.options.store.ask([
      { path: program, follow: true, wants: new Set(['t']), bytesMax: 0 },
    ]);
    if (!answer) throw notWhatWasAsked();
    if (answer.found.kind === 'problem') {
      const told = unreached<never>(program, answer.found);
      if (told.ok) return null;
      const { problem, detail } = told;
      return unstarted(problem === 'missing' || problem === 'denied' ? problem : 'failed', detail);
    }
    const { euid, gids } = this.options.session.hello;
    // Root in a group is still root.
    const stranger = strangerOn(answer.found.look, { uid: euid, gids: euid === 0 ? [] : gids });
    return stranger === null ? null : unstarted('denied', `${program} is not run: ${stranger}`);
  }
}

/** Who could put another program in its place: everything on the way is asked, links too. */
function strangerOn({ trail }: FarLook, own: OwnIdentity): string | null {
  for (const { path, stat } of trail) {
    // A link has no mode of its own.
    const mode = stat.kind === 'symlink' ? 0 : stat.mode;
    const stranger = strangerIn({ uid: stat.uid, gid: stat.gid, mode }, [], 'none', own);
    if (stranger !== null)
      return `${path} may be ${stat.kind === 'directory' ? 'written in' : 'changed'} by ${stranger}`;
  }
  return null;
}

function resultOf(
  program: string,
  kind: string,
  word: string,
  output: { readonly stdout: string; readonly stderr: string },
): ExecResult {
  switch (kind) {
    case 'exited':
      if (!/^\d{1,3}$/.test(word)) throw notWhatWasAsked();
      return { kind, code: Number(word), ...output };
    case 'signalled':
      return { kind, signal: word.slice(0, 20), ...output };
    case 'timeout':
      return { kind, ...output };
    case 'forbidden':
      return unstarted('forbidden', `${program} is not among the programs that are run from beside`);
    case 'unstarted':
      return unstarted(
        word === 'ENOENT' ? 'missing' : word === 'EACCES' ? 'denied' : 'failed',
        `${program}: ${word.slice(0, 20)}`,
      );
    default:
      throw notWhatWasAsked();
  }
}

/** The far side ends a program by its own deadline; whoever does not wait any more need not. */
function orAborted(running: Promise<ExecResult>, { signal, program }: ExecRequest): Promise<ExecResult> {
  if (!signal) return running;
  return new Promise((resolve, reject) => {
    const stop = () => resolve(unstarted('failed', `${program}: cancelled`));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function unstarted(problem: Unstarted['problem'], detail: string): Unstarted {
  return { kind: 'unstarted', problem, detail };
}
