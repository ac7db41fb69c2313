import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@castellan/shared/model/run';
import { afterEach, expect, it } from 'vitest';
import { writtenRuns } from '../../packages/agent/src/runner/journal.js';
import { APACHE, CONF, DoubleNode, PASSWORD, UNREADABLE } from './double-node.js';
import { carryOut, diesAt, faultyExecutor } from './faulty-executor.js';

/** `npm run test:kills` flips every bit of more journals, and lets recovery run on more of them. */
const isWhole = process.env['CASTELLAN_KILLS'] === 'whole';
const KILL_EVERY = isWhole ? 7 : 13;
const JOURNALS_MAX = isWhole ? 8 : 2;
const BITS_RECOVERED = isWhole ? 40 : 5;
const LOOP_MS = isWhole ? 3_600_000 : 240_000;

const ROWS = [
  { slug: 'certificate-renew', params: { service: 'ecconfigd' }, changed: `${APACHE}/server.key` },
  { slug: 'permissions-repair', params: {}, changed: UNREADABLE },
  { slug: 'tls-protocols', params: {}, changed: CONF },
  { slug: 'securecreds-enable', params: { password: PASSWORD, part: 'all' }, changed: CONF },
] as const;

let nodes: DoubleNode[] = [];
afterEach(() => {
  for (const node of nodes) node.remove();
  nodes = [];
});

/** A node as a killed run left it, and a way back to that moment. */
class Moment {
  readonly #copy: string;
  readonly #shown: string | null;
  readonly #running: string;
  constructor(readonly node: DoubleNode) {
    this.#copy = `${node.state}/../${node.state.split('/').at(-1)}-copy`;
    execFileSync('mkdir', [this.#copy]);
    execFileSync('cp', ['-a', node.root, node.state, this.#copy]);
    this.#shown = node.shown;
    this.#running = node.running;
  }

  restore(): void {
    for (const folder of [this.node.root, this.node.state]) {
      rmSync(folder, { recursive: true });
      execFileSync('cp', ['-a', join(this.#copy, folder.split('/').at(-1) ?? ''), folder]);
    }
    this.node.shown = this.#shown;
    this.node.running = this.#running;
  }

  remove(): void {
    rmSync(this.#copy, { recursive: true });
  }
}

/** Every line removed, every line zeroed, and bits of every line flipped. */
function damages(whole: Buffer): { readonly what: string; readonly content: Buffer }[] {
  const lines = whole.toString('latin1').split(/(?<=\n)/);
  const without = lines.map((_line, index) => ({
    what: `line ${index + 1} of ${lines.length} removed`,
    content: Buffer.from(lines.filter((_, at) => at !== index).join(''), 'latin1'),
  }));
  const zeroed = lines.map((line, index) => ({
    what: `line ${index + 1} of ${lines.length} zeroed`,
    content: Buffer.from(lines.with(index, '\0'.repeat(line.length)).join(''), 'latin1'),
  }));
  const step = Math.max(1, Math.floor((whole.length * 8) / BITS_RECOVERED) | 1);
  const flipped = [...new Array(Math.floor((whole.length * 8) / step)).keys()].map((at) => ({
    what: `bit ${at * step} flipped`,
    content: flip(whole, at * step),
  }));
  return [...without, ...zeroed, ...flipped, { what: 'emptied', content: Buffer.alloc(0) }];
}

function flip(whole: Buffer, bit: number): Buffer {
  const content = Buffer.from(whole);
  content.writeUInt8(content.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return content;
}

function isSeen(content: Buffer): boolean {
  const [run] = writtenRuns({ list: () => ['run-1.jsonl'], read: () => content });
  return run?.damage !== null;
}

function backups(node: DoubleNode): string[] {
  const folder = join(node.state, 'backups');
  return existsSync(folder) ? readdirSync(folder) : [];
}

it.each(ROWS)(
  '$slug: a journal that is not whole ends in what is proved at the node, or in nothing touched and all kept',
  {
    timeout: LOOP_MS,
  },
  async ({ slug, params, changed }) => {
    const counts = { journals: 0, bits: 0, recovered: 0, proved: 0, kept: 0 };
    for (let n = 12, isOver = false; !isOver && counts.journals < JOURNALS_MAX; n += KILL_EVERY) {
      const node = await DoubleNode.lay();
      nodes.push(node);
      const before = node.snapshot();
      const kill = diesAt(n);
      await carryOut(faultyExecutor(node, kill.fate), slug, params);
      isOver = kill.count() < n;
      const journal = join(node.state, 'journal/run-1.jsonl');
      if (isOver || !existsSync(journal)) continue;
      const whole = readFileSync(journal);
      const [run] = writtenRuns({ list: () => ['run-1.jsonl'], read: () => whole });
      if (run?.ended !== null) continue;
      counts.journals += 1;
      for (let bit = 0; bit < whole.length * 8; bit += isWhole ? 1 : 13, counts.bits += 1)
        expect([bit, isSeen(flip(whole, bit))]).toEqual([bit, true]);
      const moment = new Moment(node);
      const left = node.snapshot();
      const kept = backups(node);
      for (const { what, content } of damages(whole)) {
        moment.restore();
        writeFileSync(journal, content);
        const events: RunEvent[] = [];
        await faultyExecutor(node).recover((event) => events.push(event));
        const now = node.snapshot();
        const end = events.at(-1);
        const about = `${slug}, killed at ${n}, ${what}: ${end?.state} ${end?.line}`;
        counts.recovered += 1;
        if (end?.state === 'rollbackFailed') {
          counts.kept += 1;
          expect([about, now]).toEqual([about, left]);
          expect([about, backups(node)]).toEqual([about, kept]);
        } else {
          counts.proved += 1;
          expect([about, node.isCoherent()]).toEqual([about, true]);
          if (end?.state === 'rolledBack') expect([about, now]).toEqual([about, before]);
          else expect([about, end?.state, now[changed] === before[changed]]).toEqual([about, 'done', false]);
        }
        // What was said is said once, and nothing is removed at the next start either.
        const count = events.length;
        await faultyExecutor(node).recover((event) => events.push(event));
        if (end?.state === 'rollbackFailed' && isSeen(readFileSync(journal)))
          expect([about, events.length, backups(node)]).toEqual([about, count, kept]);
      }
      moment.remove();
    }
    process.stderr.write(`damaged journals, ${slug}: ${JSON.stringify(counts)}\n`);
    expect(counts.kept).toBeGreaterThan(0);
  },
);

it('copies whose journal is gone are kept and told, once', async () => {
  const node = await DoubleNode.lay();
  nodes.push(node);
  const kill = diesAt(14);
  await carryOut(faultyExecutor(node, kill.fate), 'certificate-renew', { service: 'ecconfigd' });
  const kept = backups(node);
  expect(kept.length).toBeGreaterThan(0);
  rmSync(join(node.state, 'journal'), { recursive: true });
  const events: RunEvent[] = [];
  for (let start = 1; start <= 2; start += 1)
    await faultyExecutor(node).recover((event) => events.push(event));
  expect(events.map(({ state }) => state)).toEqual(['rollbackFailed']);
  expect(backups(node)).toEqual(kept);
});
