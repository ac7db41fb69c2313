import { describe, expect, test } from 'vitest';
import type { FileReader, FileResult } from '../ports/files.js';
import type { Snapshot } from '../ports/snapshot.js';
import type { Collector } from '../units/fact.js';
import type { CollectDeps } from './collect.js';
import { collectInPasses, PASSES_MAX, READ_AGAIN_MAX } from './passes.js';
import { WalkCache } from './walk-cache.js';

/** A node of files whose content names the next one, fetched in batches as over a link. */
class Chain implements Snapshot {
  misses = 0;
  batches = 0;
  ran = 0;
  ended = 0;
  readonly #known = new Set<string>();
  readonly #missed = new Set<string>();
  #isSure = true;
  #missesBefore = 0;

  constructor(
    private readonly length: number,
    private changes: number,
  ) {}

  read(path: string): FileResult<Buffer> {
    if (!this.#known.has(path)) {
      this.misses += 1;
      this.#missed.add(path);
      return { ok: false, problem: 'failed', detail: 'not fetched yet' };
    }
    const next = Number(path.slice(1)) + 1;
    return { ok: true, value: Buffer.from(next < this.length ? `/${next}` : '') };
  }

  /** As a program of the node would be: only for whoever knows enough. */
  run(): void {
    if (!this.#isSure || this.misses > this.#missesBefore) throw new Error('run for what is not certain');
    this.ran += 1;
  }

  begin(): Promise<void> {
    this.#known.clear();
    return Promise.resolve();
  }

  end(): void {
    this.ended += 1;
  }

  enter(isSure: boolean): void {
    this.#isSure = isSure;
    this.#missesBefore = this.misses;
  }

  fetch(): Promise<void> {
    if (this.#missed.size > 0) this.batches += 1;
    for (const path of this.#missed) this.#known.add(path);
    this.#missed.clear();
    return Promise.resolve();
  }

  changed(): Promise<ReadonlySet<string>> {
    if (this.changes === 0) return Promise.resolve(new Set());
    this.changes -= 1;
    this.#known.delete('/0');
    return Promise.resolve(new Set(['/0']));
  }
}

const missing = (path: string): FileResult<never> => ({ ok: false, problem: 'missing', detail: path });

function collect(length: number, changes = 0) {
  const chain = new Chain(length, changes);
  const files: FileReader = {
    read: (path) => chain.read(path),
    capture: missing,
    stat: missing,
    lstat: missing,
    list: missing,
    readlink: missing,
    realpath: (path) => ({ ok: true, value: { path, links: [] } }),
    acl: missing,
    acls: () => Promise.resolve(missing('')),
    walk: () => Promise.resolve({ entriesSeen: 0, isTruncated: false }),
  };
  const collector = (name: string, needs: string[], work: Collector['collect']) =>
    ({ name, needs, title: name, timeoutMs: 1000, evidence: 'files', collect: work }) as unknown as Collector;
  const collectors = [
    collector('chain', [], (context) => {
      let path = '/0';
      while (path !== '') {
        const next = context.files.read(path);
        if (!next.ok) return 'a guess' as never;
        path = next.value.toString();
      }
      return 'the end' as never;
    }),
    collector('after', ['chain'], () => {
      chain.run();
      return 'run' as never;
    }),
  ];
  const unused = {} as never;
  const deps: CollectDeps = {
    collectors,
    files,
    exec: unused,
    net: unused,
    processes: unused,
    clock: { now: () => 0, sleep: () => new Promise(() => undefined) },
    settings: unused,
    signal: new AbortController().signal,
  };
  const names = new Set(['chain', 'after']);
  const states = collectInPasses(names, { ...deps, snapshot: chain }, new Map(), new WalkCache(files));
  return states.then((told) => ({
    chain,
    chained: told.get('chain'),
    after: told.get('after'),
  }));
}

describe('collecting in passes', () => {
  test('goes on until nothing is missed, and nothing is run for what is not certain', async () => {
    const { chain, chained, after } = await collect(3);
    expect(chained).toMatchObject({ state: 'collected', value: 'the end' });
    expect(after).toMatchObject({ state: 'collected', value: 'run' });
    expect([chain.batches, chain.ran, chain.ended]).toEqual([3, 1, 1]);
  });

  test('ends at its bound, and what is not known by then is unknown', async () => {
    expect(await collect(PASSES_MAX - 1)).toMatchObject({
      chained: { state: 'collected', value: 'the end' },
    });
    const { chain, chained, after } = await collect(PASSES_MAX);
    for (const state of [chained, after])
      expect(state).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('more to ask') });
    expect([chain.batches, chain.ran]).toEqual([PASSES_MAX, 0]);
  });

  test('what changed while it was read is read again, so often, and then it is unknown', async () => {
    expect(await collect(1, READ_AGAIN_MAX)).toMatchObject({ chained: { state: 'collected' } });
    const { chained, after } = await collect(1, READ_AGAIN_MAX + 1);
    for (const state of [chained, after])
      expect(state).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('kept changing') });
  });
});
