import type { Processes, ProcessInfo } from '../../ports/processes.js';
import { programInTree } from '../node-processes.js';
import type { FarAnswer, FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';

/** Texts for one process: number, program, first argument, user, umask. */
const FIELDS = 5;

export interface FarProcess extends Omit<ProcessInfo, 'program'> {
  readonly link: string;
  readonly firstArgument: string;
}

/** The node's processes, all in one request. */
export class FarProcesses implements Processes {
  misses = 0;
  #isAsked = false;
  /** Null: they cannot be seen; undefined: not fetched yet. */
  #known: readonly FarProcess[] | null | undefined;

  /** `prefix`: the tree's folder on the node; empty for `/`. */
  constructor(
    private readonly session: FarSession,
    private readonly prefix: string,
  ) {}

  forget(): void {
    this.#known = undefined;
    this.#isAsked = false;
  }

  under(folders: readonly string[]): readonly ProcessInfo[] | null {
    if (this.#known === undefined) {
      this.misses += 1;
      this.#isAsked = true;
      return null;
    }
    return this.#known === null ? null : processesUnder(this.#known, this.prefix, folders);
  }

  async fetch(): Promise<void> {
    if (!this.#isAsked || this.#known !== undefined) return;
    this.#known = readProcesses(await this.session.request('P', [], FAR_MS_MAX));
  }
}

const IS_CUT = '1';

/** Null: they cannot be seen, or not all of them. */
export function readProcesses(answer: FarAnswer): readonly FarProcess[] | null {
  if (answer.kind === 'refused' || answer.end[0]?.toString() === IS_CUT) return null;
  const texts = answer.parts.map((part) => part.toString('utf8'));
  if (texts.length % FIELDS !== 0) throw notWhatWasAsked();
  return Array.from({ length: texts.length / FIELDS }, (_, index) =>
    processOf(texts.slice(index * FIELDS, (index + 1) * FIELDS)),
  );
}

/** `prefix`: the tree's folder on the node; empty for `/`. */
export function processesUnder(
  seen: readonly FarProcess[],
  prefix: string,
  folders: readonly string[],
): readonly ProcessInfo[] {
  return seen.flatMap(({ link, firstArgument, ...rest }) => {
    const program = programInTree(link, prefix, () => firstArgument);
    return program !== null && folders.some((folder) => program.startsWith(`${folder}/`))
      ? [{ ...rest, program }]
      : [];
  });
}

function processOf([
  pid = '',
  link = '',
  firstArgument = '',
  uid = '',
  umask = '',
]: readonly string[]): FarProcess {
  if (!/^\d{1,10}$/.test(pid) || !/^\d{1,10}$/.test(uid) || !/^[0-7]{0,4}$/.test(umask))
    throw notWhatWasAsked();
  return {
    pid: Number(pid),
    uid: Number(uid),
    umask: umask === '' ? null : Number.parseInt(umask, 8),
    link,
    firstArgument,
  };
}
