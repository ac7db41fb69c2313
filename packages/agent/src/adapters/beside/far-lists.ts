import type { Acl } from '../../ports/files.js';
import { readAclBytes } from './acl-bytes.js';
import { type BatchBounds, batchesOf } from './batches.js';
import type { FarSession } from './far-session.js';
import { FAR_MS_MAX, KNOWN_MAX, notWhatWasAsked } from './look-store.js';

/** Names in one request, and what they may take. */
const BATCH: BatchBounds = { itemsMax: 10_000, bytesMax: 512 * 1024 };
/** Texts for one list: place of the name, code, the list. */
const FIELDS = 3;

/** Access lists of many files of the node. Within a look each is asked once. */
export class FarLists {
  readonly #known = new Map<string, Acl | 'unread' | null>();

  constructor(private readonly session: FarSession) {}

  forget(): void {
    this.#known.clear();
  }

  async below(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, Acl | 'unread'>> {
    if (this.#known.size > KNOWN_MAX) this.forget();
    const open = names.filter((name) => !this.#known.has(`${folder}/${name}`));
    for (const batch of batchesOf(open, BATCH, (name) => Buffer.byteLength(name) + 4)) {
      for (const name of batch) this.#known.set(`${folder}/${name}`, null);
      for (const [name, list] of await this.#ask(folder, batch)) this.#known.set(`${folder}/${name}`, list);
    }
    const lists = new Map<string, Acl | 'unread'>();
    for (const name of names) {
      const list = this.#known.get(`${folder}/${name}`) ?? null;
      if (list !== null) lists.set(name, list);
    }
    return lists;
  }

  async #ask(folder: string, names: readonly string[]): Promise<[string, Acl | 'unread'][]> {
    const answer = await this.session.request('A', [folder, ...names], FAR_MS_MAX);
    if (answer.kind === 'refused' || answer.parts.length % FIELDS !== 0) throw notWhatWasAsked();
    return Array.from({ length: answer.parts.length / FIELDS }, (_, index) => {
      const [at, code, value] = answer.parts.slice(index * FIELDS);
      const name = names[Number(at?.toString('latin1'))];
      if (name === undefined || !code || !value) throw notWhatWasAsked();
      return [name, code.toString('latin1') === 'raw' ? (readAclBytes(value) ?? 'unread') : 'unread'];
    });
  }
}
