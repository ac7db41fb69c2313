import { casError } from '@castellan/shared/errors/cas-error';
import type { FileStat } from '../../ports/files.js';
import { type BatchBounds, batchesOf } from './batches.js';
import { type FarFound, type FarLook, LOOK_FIELDS, readLook } from './far-looks.js';
import type { FarSession } from './far-session.js';

/** The far side's own limit for one request, milliseconds. */
export const FAR_MS_MAX = 60_000;
/** Paths asked in one frame: some 100 bytes each. */
const BATCH: BatchBounds = { itemsMax: 2000, bytesMax: 512 * 1024 };
/** Paths known of one look: as many as one may ask. */
export const KNOWN_MAX = 300_000;

/** What is to be told of a path beside its status: `r` content, `n` names, `a` access list, `t` everything passed. */
export type Want = 'r' | 'n' | 'a' | 't';

export interface Question {
  readonly path: string;
  readonly follow: boolean;
  readonly wants: ReadonlySet<Want>;
  /** Of the content. */
  readonly bytesMax: number;
}

export interface Answer extends Question {
  readonly found: FarFound;
}

/** What was fetched of a node's files, and what was asked and is not there. */
export class LookStore {
  misses = 0;
  readonly #known = new Map<string, Answer>();
  readonly #missed = new Map<string, Question>();
  /** What was asked in the looks before. */
  readonly #wanted = new Map<string, Question>();

  constructor(private readonly session: FarSession) {}

  /** A look begins. What was asked before is asked with its first batch: most of it will be wanted again. */
  begin(paths: ReadonlySet<string> | null): void {
    this.#missed.clear();
    this.#known.clear();
    for (const [key, question] of this.#wanted)
      if (paths === null || paths.has(question.path)) this.#missed.set(key, question);
    // What nobody wants any more is asked no more.
    if (paths === null) this.#wanted.clear();
  }

  /** What the node told is let go. */
  end(): void {
    for (const [key, { found: _, ...question }] of this.#known)
      if (this.#wanted.size < KNOWN_MAX) this.#wanted.set(key, question);
    this.#missed.clear();
    this.#known.clear();
  }

  /** Null: not known yet; it is asked with the next batch. */
  get(path: string, follow: boolean, want: Want | null, bytesMax = 0): FarFound | null {
    const key = keyOf(path, follow);
    const known = this.#known.get(key);
    if (known && isEnough(known, want, bytesMax)) return known.found;
    this.misses += 1;
    this.#miss(path, follow, want, bytesMax);
    // Whoever may use a thing is asked next, from the thing upward: one batch instead of one for each folder.
    if (follow)
      for (const above of ancestorsOf(path))
        if (!this.#known.has(keyOf(above, true))) this.#miss(above, true, 'a', 0);
    return null;
  }

  #miss(path: string, follow: boolean, want: Want | null, bytesMax: number): void {
    const key = keyOf(path, follow);
    const before = this.#missed.get(key) ?? this.#known.get(key);
    const wants: Want[] = [...(before?.wants ?? []), ...(follow ? (['a'] as const) : [])];
    this.#missed.set(key, {
      path,
      follow,
      wants: new Set(want === null ? wants : [...wants, want]),
      bytesMax: Math.max(bytesMax, before?.bytesMax ?? 0),
    });
  }

  async fetch(): Promise<void> {
    const questions = [...this.#missed.values()];
    this.#missed.clear();
    if (this.#known.size + questions.length > KNOWN_MAX)
      throw casError('CAS_BESIDE_LOST', `more than ${KNOWN_MAX} paths were asked in one look at the node`);
    for (const answer of await this.ask(questions))
      this.#known.set(keyOf(answer.path, answer.follow), answer);
  }

  /** Asks now, whatever is known, and keeps nothing. */
  async ask(questions: readonly Question[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const batch of batchesOf(questions, BATCH, ({ path }) => Buffer.byteLength(path) + 40)) {
      const answer = await this.session.request(
        'L',
        batch.flatMap(({ path, follow, wants, bytesMax }) => [
          path,
          follow ? '1' : '0',
          [...wants].join(''),
          String(bytesMax),
        ]),
        FAR_MS_MAX,
      );
      if (answer.kind !== 'answered' || answer.parts.length !== batch.length * LOOK_FIELDS)
        throw notWhatWasAsked();
      for (const [index, question] of batch.entries()) {
        const found = readLook(answer.parts.slice(index * LOOK_FIELDS, (index + 1) * LOOK_FIELDS));
        if (!found) throw notWhatWasAsked();
        answers.push({ ...question, found });
      }
    }
    return answers;
  }

  /** Asks the status of everything again. What is another now is forgotten, and its paths are given. */
  async changed(): Promise<ReadonlySet<string>> {
    const before = [...this.#known.values()].filter(({ path }) => !isKernels(path));
    const now = await this.ask(before.map((answer) => ({ ...answer, wants: new Set<Want>() })));
    const changed = new Set<string>();
    for (const [index, answer] of before.entries()) {
      const seen = now[index]?.found;
      if (seen && isSame(answer, seen)) continue;
      changed.add(answer.path);
      if (answer.found.kind === 'found') changed.add(answer.found.look.inside);
    }
    for (const [key, { path, found }] of this.#known)
      if (changed.has(path) || (found.kind === 'found' && changed.has(found.look.inside)))
        this.#known.delete(key);
    return changed;
  }
}

function ancestorsOf(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.slice(1).map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

function keyOf(path: string, follow: boolean): string {
  return `${follow ? 'f' : 'l'}${path}`;
}

function isEnough({ wants, bytesMax, found }: Answer, want: Want | null, asked: number): boolean {
  if (found.kind === 'problem' || want === null) return true;
  if (!wants.has(want)) return false;
  // Too large for one may be small enough for another.
  return want !== 'r' || bytesMax >= asked || found.look.content.code !== 'EFBIG';
}

/** What the kernel makes has a new time at every look. */
function isKernels(path: string): boolean {
  return /^\/(proc|sys)\//.test(path);
}

function isSame({ found, wants }: Answer, now: FarFound): boolean {
  if (found.kind === 'problem') return now.kind === 'problem' && now.code === found.code;
  if (now.kind === 'problem') return false;
  return identityOf(found.look, wants) === identityOf(now.look, wants);
}

/** Of what was only inspected: which thing it is, and whose. Of what was read: also that it was not written since. */
function identityOf({ inside, links, target, stat }: FarLook, wants: ReadonlySet<Want>): string {
  const { dev, ino, uid, gid, mode, kind } = stat;
  const read = (one: FileStat) => [one.sizeBytes, one.mtimeMs, one.ctimeMs];
  const wasRead = wants.has('r') || wants.has('n');
  return JSON.stringify([
    inside,
    links,
    target,
    dev,
    ino,
    uid,
    gid,
    mode,
    kind,
    ...(wasRead ? read(stat) : []),
  ]);
}

export function notWhatWasAsked(): Error {
  return casError('CAS_BESIDE_PROTOCOL', 'the far program did not answer what it was asked');
}
