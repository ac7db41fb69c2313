import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '@castellan/shared/model/verdict';
import type { Numbered } from '@castellan/shared/protocol/messages';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { SEGMENTS_MAX, Spool } from './spool.js';

const clock = { now: () => Date.UTC(2026, 0, 1), sleep: () => Promise.resolve() };
const verdict: Verdict = {
  control: 'MOM-TLS-001',
  title: 't',
  severity: 'high',
  status: 'fail',
  subject: 's',
  summary: 'x',
  violations: [],
  reason: null,
  remediation: null,
  sources: [],
};
const change = { previous: 'pass', verdict } as const;
const runEvent = (index: number) =>
  ({ runId: 'r1', index, at: '2026-01-01T00:00:00.000Z', state: 'applying', line: 'l' }) as const;
const names = (records: readonly Numbered[]) => records.map((r) => `${r.type[0]}${r.seq}`);

const LINE_FEED = 0x0a;

/** Every header, every line feed, and some of the rest: each costs a start with its syncs. */
function somewhere(content: Buffer): number[] {
  return [...content.keys()].filter((at) => {
    const sinceFeed = at - content.lastIndexOf(LINE_FEED, at - 1);
    return content.at(at) === LINE_FEED || sinceFeed < 12 || at % 41 === 0;
  });
}

let folder: string;
let store: StateStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-spool-'));
  store = nodeStateStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(
  options: { bootId?: string; recordsMax?: number; bytesMax?: number; store?: StateStore } = {},
): Spool {
  const spool = new Spool({ store, clock, bootId: 'b1', ...options });
  spool.open();
  return spool;
}

describe('the spool', () => {
  test('gives records in order, within the credit, and again after a lost connection', () => {
    const spool = open();
    spool.addTransitions([change, change, change]);
    expect(names(spool.takeUnsent(2))).toEqual(['t1', 't2']);
    expect(spool.takeUnsent(2)).toEqual([]);
    spool.ack('b1', 1);
    expect(names(spool.takeUnsent(2))).toEqual(['t3']);
    spool.rewind();
    expect(names(spool.takeUnsent(9))).toEqual(['t2', 't3']);
  });

  test('keeps what was not acknowledged over a restart, under its old boot', () => {
    const before = open();
    before.addTransitions([change, change]);
    before.takeUnsent(1);
    before.ack('b1', 1);
    const after = open({ bootId: 'b2' });
    after.addTransitions([change]);
    expect(after.takeUnsent(9).map((r) => [r.bootId, r.seq])).toEqual([
      ['b1', 2],
      ['b2', 1],
    ]);
  });

  test('an acknowledgement of another boot, or of what was never sent, removes nothing', () => {
    const spool = open();
    spool.addTransitions([change]);
    spool.ack('b1', 99);
    spool.takeUnsent(9);
    spool.ack('other', 99);
    expect(spool.health.records).toBe(1);
  });

  test('leaves no file behind when all is acknowledged', () => {
    const spool = open();
    spool.addTransitions([change]);
    spool.takeUnsent(9);
    spool.ack('b1', 1);
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
  });

  test('when full, drops the oldest transitions and no line of a run, and says how many', () => {
    const spool = open({ recordsMax: 10 });
    spool.addRunEvent(runEvent(1));
    for (let i = 0; i < 10; i++) spool.addTransitions([change]);
    const records = spool.takeUnsent(99);
    expect(records.some((r) => r.type === 'run')).toBe(true);
    expect(records.at(-1)).toMatchObject({ type: 'dropped', count: 3 });
    expect(names(records).slice(0, 2)).toEqual(['r1', 't5']);
    expect(records.length).toBeLessThanOrEqual(10);
    expect(spool.health.droppedTotal).toBe(3);
  });

  test('reports of loss that were not sent are folded into one', () => {
    const spool = open({ recordsMax: 10 });
    for (let i = 0; i < 60; i++) spool.addTransitions([change]);
    const records = spool.takeUnsent(99);
    const [report, ...more] = records.filter((r) => r.type === 'dropped');
    expect(more).toEqual([]);
    expect(report).toMatchObject({ count: spool.health.droppedTotal });
    expect(records.filter((r) => r.type === 'transition').length + spool.health.droppedTotal).toBe(60);
  });

  test('is bounded in bytes as well', () => {
    const spool = open({ bytesMax: 5000 });
    for (let i = 0; i < 100; i++) spool.addTransitions([change]);
    expect(spool.health.bytes).toBeLessThanOrEqual(5000);
    expect(spool.health.droppedTotal).toBeGreaterThan(0);
  });

  test('a torn end is cut, and what comes after it is whole', () => {
    open().addTransitions([change, change]);
    const [file] = readdirSync(join(folder, 'spool'));
    appendFileSync(join(folder, 'spool', file ?? ''), '3 200 0123456789abcdef {"type":"transition","b');
    const spool = new Spool({ store, clock, bootId: 'b2' });
    expect(spool.open()).toMatchObject({ records: 2, damaged: 0, tornBytes: 46 });
    spool.addTransitions([change]);
    expect(open({ bootId: 'b3' }).health.records).toBe(3);
  });

  test('every damaged or missing line is told as dropped, once, and what could be read goes on', () => {
    open().addTransitions([change, change, change]);
    const [name] = readdirSync(join(folder, 'spool'));
    const file = join(folder, 'spool', name ?? '');
    const whole = readFileSync(file);
    const lines = whole.toString('utf8').split('\n');
    const damagedAt = (index: number): number => somewhere(whole)[index - 2] ?? 0;
    const damaged = [
      [lines[0], '\u0000\u0000 not json', ...lines.slice(2)].join('\n'),
      [lines[0], ...lines.slice(2)].join('\n'),
      ...somewhere(whole).map((at) => {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
        return flipped;
      }),
    ];
    damaged.forEach((content, index) => {
      rmSync(join(folder, 'spool'), { recursive: true });
      mkdirSync(join(folder, 'spool'));
      writeFileSync(file, content);
      const spool = new Spool({ store, clock, bootId: 'b2' });
      const { damaged: lost } = spool.open();
      const records = spool.takeUnsent(99);
      const told = records.flatMap((one) => (one.type === 'dropped' ? [one.count] : []));
      expect([index, told, records.length]).toEqual([index, lost === 0 ? [] : [lost], 3]);
      // A line feed alone holds nothing.
      expect([index, lost]).toEqual([index, whole.at(damagedAt(index)) === LINE_FEED ? 0 : 1]);
      expect(new Spool({ store, clock, bootId: 'b3' }).open()).toMatchObject({ damaged: 0 });
    });
  });

  test('nothing that was acknowledged comes again, whichever bit of the files is flipped', () => {
    const spool = open();
    spool.addTransitions([change, change]);
    spool.takeUnsent(1);
    spool.ack('b1', 1);
    const [name] = readdirSync(join(folder, 'spool'));
    const file = join(folder, 'spool', name ?? '');
    const whole = readFileSync(file);
    for (const at of somewhere(whole)) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      rmSync(join(folder, 'spool'), { recursive: true });
      mkdirSync(join(folder, 'spool'));
      writeFileSync(file, flipped);
      expect([at, names(open({ bootId: 'b2' }).takeUnsent(9)).includes('t1')]).toEqual([at, false]);
    }
  });

  test('a kill between the new file and the removal of the old ones brings nothing back and doubles nothing', () => {
    const spool = open({ recordsMax: 10 });
    const refusing: StateStore = {
      ...store,
      remove: (name) => {
        throw new StateProblem('remove', name, 'EIO');
      },
    };
    expect(spool.health.records).toBe(0);
    const killed = open({ recordsMax: 10, store: refusing });
    for (let i = 0; i < 12; i++) killed.addTransitions([change]);
    const after = open({ bootId: 'b2' });
    const seen = names(after.takeUnsent(99));
    expect(seen).toEqual([...new Set(seen)]);
    expect(after.health.records).toBe(killed.health.records);
  });

  test('starting again and again leaves no more than a few files', () => {
    for (let boot = 1; boot <= 3 * SEGMENTS_MAX; boot++) {
      open({ bootId: `b${boot}` }).addTransitions([change]);
      expect(readdirSync(join(folder, 'spool')).length).toBeLessThanOrEqual(SEGMENTS_MAX + 1);
    }
    expect(open({ bootId: 'last' }).health.records).toBe(3 * SEGMENTS_MAX);
  });

  test('files of an earlier release, whose lines carry no checksum, are still read', () => {
    mkdirSync(join(folder, 'spool'));
    const record = { type: 'transition', bootId: 'b0', seq: 4, at: '2026-01-01T00:00:00.000Z', ...change };
    writeFileSync(join(folder, 'spool', '00000001.jsonl'), `${JSON.stringify(record)}\n{"type":"tra`);
    expect(
      open({ bootId: 'b1' })
        .takeUnsent(9)
        .map((one) => [one.bootId, one.seq]),
    ).toEqual([['b0', 4]]);
  });

  test('a disk that refuses leaves it alive, and what was kept in memory is written when the disk is back', () => {
    let isFull = true;
    const refusing: StateStore = {
      ...store,
      append: (name, content) => {
        if (isFull) throw new StateProblem('append to', name, 'ENOSPC');
        store.append(name, content);
      },
    };
    const spool = open({ store: refusing });
    spool.addTransitions([change]);
    expect(spool.health.degraded).toContain('ENOSPC');
    expect(names(spool.takeUnsent(9))).toEqual(['t1']);
    isFull = false;
    spool.addTransitions([change]);
    expect(spool.health.degraded).toBeNull();
    expect(open({ bootId: 'b2' }).health.records).toBe(2);
  });

  test('behaves like an array: whatever is added, sent, acknowledged, lost and restarted', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.constant('run' as const),
      fc.constant('lose' as const),
      fc.constant('restart' as const),
      fc.record({ take: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ ack: fc.integer({ min: 0, max: 12 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        rmSync(join(folder, 'spool'), { recursive: true, force: true });
        let boot = 1;
        let seq = 0;
        let spool = open({ bootId: `b${boot}` });
        let model: { boot: string; seq: number; sent: boolean }[] = [];
        for (const one of steps) {
          if (one === 'add' || one === 'run') {
            if (one === 'add') spool.addTransitions([change]);
            else spool.addRunEvent(runEvent(1));
            model.push({ boot: `b${boot}`, seq: ++seq, sent: false });
          } else if (one === 'lose') {
            spool.rewind();
            for (const entry of model) entry.sent = false;
          } else if (one === 'restart') {
            boot += 1;
            seq = 0;
            spool = open({ bootId: `b${boot}` });
            for (const entry of model) entry.sent = false;
          } else if ('take' in one) {
            const room = Math.max(0, one.take - model.filter((e) => e.sent).length);
            const expected = model.filter((e) => !e.sent).slice(0, room);
            for (const entry of expected) entry.sent = true;
            expect(spool.takeUnsent(one.take).map((r) => [r.bootId, r.seq])).toEqual(
              expected.map((e) => [e.boot, e.seq]),
            );
          } else {
            spool.ack(`b${boot}`, one.ack);
            model = model.filter((e) => !(e.sent && e.boot === `b${boot}` && e.seq <= one.ack));
          }
          expect(spool.health.records).toBe(model.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
