import type { Exec, ExecRequest, ExecResult } from '../../ports/exec.js';
import { type OwnIdentity, strangerIn } from '../descriptors/trust.js';
import { BASE_ENV, OUTPUT_BYTES_MAX } from '../node-exec.js';
import { OutputKeeper } from '../output-keeper.js';
import type { FarLook } from './far-looks.js';
import type { FarAnswer, FarSession } from './far-session.js';
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
        notStarted('forbidden', 'programs of a tree that is only read are not run (--live permits it)'),
      );
    if (request.started)
      return Promise.resolve(notStarted('forbidden', 'nothing is changed on a node in a session that looks'));
    this.options.mayAct();
    const { program, argv, stdin, env, outputBytesMax } = request;
    const key = JSON.stringify([program, argv, stdin, env, outputBytesMax]);
    const known = this.#known.get(key) ?? this.#start(request);
    this.#known.set(key, known);
    return orAborted(known, request);
  }

  async #start(request: ExecRequest): Promise<ExecResult> {
    const { session, store } = this.options;
    const refusal = await whyNotRunnable(session, store, request.program);
    if (refusal) return refusal;
    const { program, argv, stdin = '', timeoutMs, secrets = [] } = request;
    const bytesMax = (request.outputBytesMax ?? OUTPUT_BYTES_MAX) + secretMargin(secrets);
    const env = Object.entries({ ...BASE_ENV, ...request.env }).flat();
    const fields = [program, String(timeoutMs), String(bytesMax), stdin, String(env.length), ...env, ...argv];
    return readResult(request, await session.request('E', fields, timeoutMs));
  }
}

/** So much more is kept that a secret on the border is whole when it is masked. */
export function secretMargin(secrets: readonly string[]): number {
  return Math.max(0, ...secrets.map((secret) => Buffer.byteLength(secret)));
}

/** What became of a program, with its secrets masked. */
export function readResult(
  { program, outputBytesMax = OUTPUT_BYTES_MAX, secrets = [] }: ExecRequest,
  answer: FarAnswer,
): ExecResult {
  if (answer.kind === 'refused') return notStarted('failed', `${program}: ${answer.code}`);
  const [kind, word, out, err] = answer.end;
  if (!kind || !word || !out || !err) throw notWhatWasAsked();
  const kept = (bytes: Buffer) => {
    const keeper = new OutputKeeper(outputBytesMax, secrets);
    keeper.add(bytes);
    return keeper.text();
  };
  return resultOf(program, kind.toString('latin1'), word.toString('latin1'), {
    stdout: kept(out),
    stderr: kept(err),
  });
}

/** Null: it may be run, for none but root could have put it there. */
export async function whyNotRunnable(
  session: FarSession,
  store: LookStore,
  program: string,
): Promise<Unstarted | null> {
  const [answer] = await store.ask([{ path: program, follow: true, wants: new Set(['t']), bytesMax: 0 }]);
  if (!answer) throw notWhatWasAsked();
  if (answer.found.kind === 'problem') {
    const told = unreached<never>(program, answer.found);
    if (told.ok) return null;
    const { problem, detail } = told;
    return notStarted(problem === 'missing' || problem === 'denied' ? problem : 'failed', detail);
  }
  const { euid, gids } = session.hello;
  // Root in a group is still root.
  const stranger = strangerOn(answer.found.look, { uid: euid, gids: euid === 0 ? [] : gids });
  return stranger === null ? null : notStarted('denied', `${program} is not run: ${stranger}`);
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
      return notStarted('forbidden', `${program} is not among the programs that are run from beside`);
    case 'unstarted':
      return notStarted(
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
    const stop = () => resolve(notStarted('failed', `${program}: cancelled`));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export function notStarted(problem: Unstarted['problem'], detail: string): Unstarted {
  return { kind: 'unstarted', problem, detail };
}
