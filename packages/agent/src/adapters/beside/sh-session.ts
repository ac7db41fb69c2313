import { LOOK_FIELDS } from './far-looks.js';
import { readFarProgram, readShProgram } from './far-program.js';
import type { FarAnswer, FarSession, RequestKind } from './far-session.js';
import { HELLO_MS_MAX, WAITING_MAX } from './far-session.js';
import { blindSpots, readShHello } from './sh-hello.js';
import { ShLink, type ShLinkOptions } from './sh-link.js';
import { ShLooks } from './sh-looks.js';
import { inside } from './sh-places.js';
import { processesBySh, runBySh } from './sh-programs.js';
import { walkBySh } from './sh-walk.js';
import { type Item, isFolder } from './sh-words.js';
import { targetText } from './target.js';
import { toldPrograms } from './told-programs.js';

/** One exchange. */
const EXCHANGE_MS_MAX = 75_000;
const ACL_FIELDS_AT = 11;

/** Logs in to a node without Perl, and brings the sh program to its first word. Answers what the Perl program answers. */
export async function openShSession(options: Omit<ShLinkOptions, 'program'>): Promise<FarSession> {
  const program = readShProgram();
  const link = new ShLink({ ...options, program });
  try {
    const said = await link.begin(HELLO_MS_MAX);
    return new ShSession(link, said, program.length, targetText(options.target));
  } catch (error) {
    link.kill();
    throw error;
  }
}

class ShSession implements FarSession {
  readonly hello;
  readonly blind;
  readonly #means;
  readonly #looks: ShLooks;
  readonly #mayRun = toldPrograms(readFarProgram().text.toString('latin1'));
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    private readonly link: ShLink,
    said: readonly Item[],
    programBytes: number,
    where: string,
  ) {
    const { hello, means } = readShHello(said, programBytes, where);
    this.hello = hello;
    this.blind = blindSpots(means);
    this.#means = means;
    this.#looks = new ShLooks(link, means, EXCHANGE_MS_MAX);
  }

  get noise(): string {
    return this.link.noise;
  }

  get isOver(): boolean {
    return this.link.isOver;
  }

  onEnd(ended: Parameters<FarSession['onEnd']>[0]): void {
    this.link.onEnd(ended);
  }

  close(): Promise<void> {
    return this.link.close();
  }

  requestNow(): FarAnswer {
    throw new Error('a node without Perl is asked by nobody who cannot wait');
  }

  request(kind: RequestKind, fields: readonly (string | Buffer)[]): Promise<FarAnswer> {
    if (this.#waiting >= WAITING_MAX)
      return Promise.reject(new Error(`more than ${WAITING_MAX} requests wait for one node`));
    this.#waiting += 1;
    const bytes = fields.map((field) => (typeof field === 'string' ? Buffer.from(field) : field));
    const done = this.#turn.then(() => this.#ask(kind, bytes));
    const settled = () => {
      this.#waiting -= 1;
    };
    this.#turn = done.then(settled, settled);
    return done;
  }

  #ask(kind: RequestKind, fields: readonly Buffer[]): Promise<FarAnswer> {
    const texts = fields.map((field) => field.toString('latin1'));
    switch (kind) {
      case 'L':
        return this.#look(texts);
      case 'A':
        return this.#lists(texts);
      case 'W':
        return this.#walk(texts);
      case 'E':
        return this.#run(fields, texts);
      case 'P':
        return processesBySh(this.link, EXCHANGE_MS_MAX);
      case 'R':
        return this.#enter(texts[0] ?? '/');
      case 'B':
        this.#looks.begin();
        return Promise.resolve(answered());
      default:
        return Promise.resolve({ kind: 'refused', code: 'EREFUSED', at: Buffer.from('there is no Perl') });
    }
  }

  async #look(texts: readonly string[]): Promise<FarAnswer> {
    const questions = Array.from({ length: texts.length / 4 }, (_, index) => {
      const [path = '/', follow, wants = '', bytesMax] = texts.slice(index * 4, index * 4 + 4);
      return { path, follow: follow === '1', wants, bytesMax: Number(bytesMax) };
    });
    return answered(await this.#looks.look(questions));
  }

  async #lists([folder = '', ...names]: readonly string[]): Promise<FarAnswer> {
    const looked = await this.#looks.look(
      names.map((name) => ({ path: `${folder}/${name}`, follow: true, wants: 'a', bytesMax: 0 })),
    );
    const parts = names.flatMap((_, index) => {
      const said = looked.slice(index * LOOK_FIELDS, (index + 1) * LOOK_FIELDS);
      const [found, list, value] = [said[0], said[ACL_FIELDS_AT], said[ACL_FIELDS_AT + 1]];
      const code = found?.toString() === 'ok' ? (list?.toString() ?? '') : found?.toString();
      const place = Buffer.from(String(index));
      if (code === 'raw' && value) return [place, Buffer.from('raw'), value];
      // What is not there has none; what is moved about, or cannot be asked, is not known.
      const isUnread = code !== undefined && ['ESTALE', 'unread', 'unasked'].includes(code);
      return isUnread ? [place, Buffer.from('unread'), Buffer.alloc(0)] : [];
    });
    return answered(parts);
  }

  #walk([path = '/', entriesMax, depthMax, ...skipNames]: readonly string[]): Promise<FarAnswer> {
    return walkBySh(
      { link: this.link, looks: this.#looks, means: this.#means, msMax: EXCHANGE_MS_MAX },
      path,
      { entriesMax: Number(entriesMax), depthMax: Number(depthMax), skipNames },
    );
  }

  async #run(fields: readonly Buffer[], texts: readonly string[]): Promise<FarAnswer> {
    const [program = '', , , , count, ...rest] = texts;
    return this.#looks.root.length === 0 && this.#mayRun(program, rest.slice(Number(count)))
      ? await runBySh(this.link, fields)
      : answered([], [Buffer.from('forbidden'), Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)]);
  }

  async #enter(path: string): Promise<FarAnswer> {
    const [place] = await this.#looks.places().find([{ path, follow: true }]);
    if (!place || place.kind === 'problem')
      return { kind: 'refused', code: place?.code ?? 'ESTALE', at: Buffer.from(path, 'latin1') };
    if (!isFolder(place.stat)) return { kind: 'refused', code: 'ENOTDIR', at: Buffer.from(path, 'latin1') };
    this.#looks.root = place.levels.map(({ name }) => name);
    return answered([], [Buffer.from(inside(place.levels), 'latin1')]);
  }
}

function answered(parts: readonly Buffer[] = [], end: readonly Buffer[] = []): FarAnswer {
  return { kind: 'answered', parts, end };
}
