import { type ListSaid, readLists } from './sh-acl.js';
import type { ShMeans } from './sh-hello.js';
import type { ShLink, ShRequest } from './sh-link.js';
import { inside, type Level, type Place, ShPlaces, wordOf8 } from './sh-places.js';
import { codeOf, type Item, isFile, isFolder, isLink, readShStat, type ShStat } from './sh-words.js';

/** Of one file, of one look, and of one exchange; bytes. */
export const FILE_BYTES_MAX = 8 * 1024 * 1024;
export const LOOK_BYTES_MAX = 24 * 1024 * 1024;
const EXCHANGE_CONTENT_MAX = 8 * 1024 * 1024;
/** Of a folder's names. */
const NAMES_BYTES_MAX = 8 * 1024 * 1024;
const LISTS_IN_LINE = 100;
const HOSTNAME = '/proc/sys/kernel/hostname';
const HOSTNAME_BYTES_MAX = 4096;

export interface ShQuestion {
  readonly path: string;
  readonly follow: boolean;
  readonly wants: string;
  readonly bytesMax: number;
}

interface Part {
  readonly code: string;
  readonly value: Buffer;
}

type Found = Extract<Place, { kind: 'place' }>;

/** What was found of one question, in the words of the Perl program. */
interface Looked {
  readonly question: ShQuestion;
  place: Place;
  content: Part;
  names: Part;
  acl: Part;
}

const NOTHING: Part = { code: '', value: Buffer.alloc(0) };
const only = (code: string): Part => ({ code, value: Buffer.alloc(0) });

/** One thing to be asked, and who takes the answer. */
interface Errand {
  readonly request: ShRequest;
  /** What it may bring, bytes. */
  readonly bytes: number;
  take(items: readonly Item[]): void;
}

/** Looks by sh: where paths lead, then what is wanted of the things there. */
export class ShLooks {
  root: readonly string[] = [];
  #left = LOOK_BYTES_MAX;

  constructor(
    private readonly link: ShLink,
    private readonly means: ShMeans,
    private readonly msMax: number,
  ) {}

  /** A look begins. */
  begin(): void {
    this.#left = LOOK_BYTES_MAX;
  }

  places(): ShPlaces {
    return new ShPlaces(this.link, this.root, this.msMax);
  }

  /** The 13 texts of each, as the Perl program tells them. */
  async look(questions: readonly ShQuestion[]): Promise<Buffer[]> {
    const looked = await this.#lookOnce(questions);
    // Somebody moves things about: once more, and then it is told.
    const moved = looked.flatMap((one, index) => (isMoved(one) ? [index] : []));
    const again = await this.#lookOnce(moved.flatMap((index) => questions[index] ?? []));
    for (const [at, index] of moved.entries()) {
      const now = again[at];
      if (now) looked[index] = now;
    }
    return looked.flatMap(textsOf);
  }

  async #lookOnce(questions: readonly ShQuestion[]): Promise<Looked[]> {
    const places = await this.places().find(questions);
    const looked = questions.map(
      (question, index): Looked => ({
        question,
        place: places[index] ?? { kind: 'problem', code: 'ESTALE', at: question.path },
        content: NOTHING,
        names: NOTHING,
        acl: NOTHING,
      }),
    );
    const errands: Errand[] = [];
    const lists: { one: Looked; place: Found }[] = [];
    for (const one of looked) {
      const { place, question } = one;
      if (place.kind !== 'place') continue;
      if (question.wants.includes('r')) this.#wantContent(one, place, errands);
      if (question.wants.includes('n')) this.#wantNames(one, place, errands);
      if (question.wants.includes('a') && this.#wantsList(one, place.stat)) lists.push({ one, place });
    }
    await this.run([...errands, ...this.#listErrands(lists, LISTS_IN_LINE)]);
    // One that fails keeps others from being told: each by itself.
    await this.run(
      this.#listErrands(
        lists.filter(({ one }) => one.acl.code === ''),
        1,
      ),
    );
    for (const { one } of lists) if (one.acl.code === '') one.acl = only('unread');
    return looked;
  }

  /** In exchanges that are not larger than one may be. */
  async run(errands: readonly Errand[]): Promise<void> {
    for (let at = 0; at < errands.length; ) {
      const batch: Errand[] = [];
      for (let bytes = 0; at < errands.length; at += 1) {
        const errand = errands[at];
        if (!errand || (batch.length > 0 && bytes + errand.bytes > EXCHANGE_CONTENT_MAX)) break;
        bytes += errand.bytes;
        batch.push(errand);
      }
      const answers = await this.link.exchange(
        batch.map(({ request }) => request),
        this.msMax,
      );
      for (const [index, errand] of batch.entries()) errand.take(answers[index] ?? []);
    }
  }

  folderOf(levels: readonly Level[]): string[] {
    return [...this.root, ...levels.map(({ name }) => name)].map(wordOf8);
  }

  #wantContent(one: Looked, place: Found, errands: Errand[]): void {
    const { stat, levels } = place;
    const path = inside(levels);
    const isKernels = this.means.kernels.has(stat.dev);
    const size = isKernels ? HOSTNAME_BYTES_MAX : sizeOf(stat);
    const max = Math.min(one.question.bytesMax, FILE_BYTES_MAX);
    if (isFolder(stat)) one.content = only('EISDIR');
    else if (isLink(stat)) one.content = only('ELOOP');
    else if (!isFile(stat)) one.content = only('ENOTFILE');
    else if (isKernels && path !== HOSTNAME) one.content = only('EKERNEL');
    else if (size > max) one.content = only('EFBIG');
    else if (size > this.#left) one.content = only('EBUDGET');
    else {
      this.#left -= size;
      errands.push({
        request: {
          kind: 'r',
          folder: this.folderOf(levels.slice(0, -1)),
          rest: [String(size + 1), wordOf8(levels.at(-1)?.name ?? '.')],
        },
        bytes: size + 1,
        take: (items) => {
          one.content = this.#contentOf(items, stat, isKernels);
        },
      });
    }
  }

  /** What was opened is what was seen, and was not written while it was read. */
  #contentOf([, first, second, last]: readonly Item[], seen: ShStat, isKernels: boolean): Part {
    const failed = codeOf(first?.head) ?? codeOf(second?.head) ?? codeOf(last?.head);
    if (failed !== null) return only(failed);
    const [before, after] = [readShStat(first?.head ?? ''), readShStat(last?.head ?? '')];
    if (!before || !after || !first || second?.head !== '-') throw this.link.broken('a file is not told');
    const isSame = before.dev === seen.dev && before.ino === seen.ino && isFile(before);
    if (!isSame || (!isKernels && before.written !== after.written)) return only('ESTALE');
    if (!isKernels && first.bytes.length !== sizeOf(before)) return only('ESTALE');
    return { code: 'ok', value: first.bytes };
  }

  #wantNames(one: Looked, { stat, levels }: Found, errands: Errand[]): void {
    if (!isFolder(stat)) one.names = only('ENOTDIR');
    else
      errands.push({
        request: { kind: 'n', folder: this.folderOf(levels), rest: [String(NAMES_BYTES_MAX)] },
        bytes: 16 * 1024,
        take: (items) => {
          one.names = this.#namesOf(items, stat);
        },
      });
  }

  #namesOf(items: readonly Item[], seen: ShStat): Part {
    const told = this.standsIn(items, seen);
    if (typeof told === 'string') return only(told);
    if (told.length >= NAMES_BYTES_MAX) return only('EMANY');
    const names = told.toString('latin1').split('\0');
    // How find ended: no name begins so.
    if (names.pop() !== '/0') return only('EIO');
    if (!names.every((name) => name.startsWith('./') && name.length > 2))
      throw this.link.broken('names are not told');
    return { code: 'ok', value: Buffer.from(names.map((name) => name.slice(2)).join('\0'), 'latin1') };
  }

  /** The bytes that follow where the far side stands in the folder that was seen; else the system's word. */
  standsIn([, self, ...more]: readonly Item[], seen: ShStat): Buffer | string {
    const code = codeOf(self?.head) ?? more.flatMap(({ head }) => codeOf(head) ?? [])[0];
    const own = readShStat(self?.head ?? '');
    if (!own && code === undefined) throw this.link.broken('a folder is not told');
    if (code !== undefined) return code;
    return own && self && own.dev === seen.dev && own.ino === seen.ino ? self.bytes : 'ESTALE';
  }

  /** Whether it has to be asked. */
  #wantsList(one: Looked, stat: ShStat): boolean {
    // No list can give anything where its mask is empty, and a link has none.
    if (isLink(stat) || (stat.mode & 0o070) === 0) one.acl = only('none');
    else if (this.means.lists === 'none') one.acl = only('unasked');
    return one.acl.code === '';
  }

  #listErrands(lists: readonly { one: Looked; place: Found }[], inLine: number): Errand[] {
    const byFolder = new Map<string, { one: Looked; place: Found }[]>();
    for (const list of lists) {
      const key = inside(list.place.levels.slice(0, -1));
      byFolder.set(key, [...(byFolder.get(key) ?? []), list]);
    }
    const errands: Errand[] = [];
    for (const group of byFolder.values())
      for (let at = 0; at < group.length; at += inLine)
        errands.push(this.#listErrand(group.slice(at, at + inLine)));
    return errands;
  }

  #listErrand(group: readonly { one: Looked; place: Found }[]): Errand {
    const above = group[0]?.place.levels.slice(0, -1) ?? [];
    return {
      request: {
        kind: 'a',
        folder: this.folderOf(above),
        rest: group.map(({ place }) => wordOf8(place.levels.at(-1)?.name ?? '.')),
      },
      bytes: group.length * 1024,
      take: (items) => {
        // In the root itself there is nowhere else to be.
        const own = above.at(-1)?.stat ?? readShStat(items[1]?.head ?? '');
        const told = own ? this.standsIn(items, own) : 'ESTALE';
        if (typeof told === 'string') return;
        const lists =
          this.means.lists === 'getfacl' ? readLists(told, group.length) : readMarks(told, group.length);
        for (const [index, { one }] of group.entries()) {
          const list = lists?.[index];
          if (list) one.acl = { code: list.code, value: list.code === 'raw' ? list.value : Buffer.alloc(0) };
        }
      },
    };
  }
}

/** `ls -l` of coreutils marks a file that has a list with `+`: what it gives is not told. */
function readMarks(said: Buffer, count: number): ListSaid[] | null {
  const lines = said.toString('latin1').split('\n').slice(0, -1);
  if (lines.length !== count) return null;
  return lines.map((line) => ({ code: /^[-dlbcps][-rwxsStT]{9}[. ]$/.test(line) ? 'none' : 'unread' }));
}

function isMoved({ place, content, names }: Looked): boolean {
  return [place.kind === 'problem' ? place.code : '', content.code, names.code].includes('ESTALE');
}

function sizeOf({ text }: ShStat): number {
  return Number(text.split(' ')[3]);
}

function textsOf({ place, question, content, names, acl }: Looked): Buffer[] {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  if (place.kind === 'problem')
    return [bytes(place.code), bytes(place.at), ...Array.from({ length: 11 }, () => Buffer.alloc(0))];
  // What is exchanged under us is no thing that was seen.
  if (content.code === 'ESTALE' || names.code === 'ESTALE')
    return textsOf({
      place: { kind: 'problem', code: 'ESTALE', at: inside(place.levels) },
      question,
      content: NOTHING,
      names: NOTHING,
      acl: NOTHING,
    });
  return [
    bytes('ok'),
    bytes(''),
    bytes(inside(place.levels)),
    bytes(place.links.join('\0')),
    bytes(place.stat.text),
    bytes(place.target),
    bytes(question.wants.includes('t') ? place.trail.join('\0') : ''),
    bytes(content.code),
    content.value,
    bytes(names.code),
    names.value,
    bytes(acl.code),
    acl.value,
  ];
}
