import type { RunEvent } from '@castellan/shared/model/run';
import { describe, expect, it } from 'vitest';
import { DoubleNode, PASSWORD } from './double-node.js';
import {
  carryOut,
  diesAt,
  type Effect,
  faultyExecutor,
  fullFrom,
  Killed,
  refusesAt,
} from './faulty-executor.js';
import { OTHER_ROWS, placeOf, ROWS, type Row } from './remediation-rows.js';

const EFFECTS_MAX = 300;
const LOOP_MS = 240_000;
const isWhole = process.env['CASTELLAN_KILLS'] === 'whole';

const named = (row: Row) => ({ ...row, name: `${row.slug}${row.where ?? ''}` });
const lay = ({ isVersioned, more }: Row) => DoubleNode.lay(isVersioned, more);

function lastState(events: readonly RunEvent[]): string {
  return events.at(-1)?.state ?? 'none';
}

/** `npm run test:kills` takes every effect; `npm test` each of the first, where the kinds of step are, then every twenty-fourth. */
const EACH_UP_TO = isWhole ? EFFECTS_MAX : 5;
const STRIDE = 24;

/** Lays a node, lets the remediation go wrong in one way, looks, and so on for the next effect until nothing goes wrong. */
async function forEachEffect(visit: (n: number) => Promise<{ readonly effects: number }>): Promise<number> {
  for (let n = 1; ; n += n < EACH_UP_TO ? 1 : STRIDE) {
    expect(n).toBeLessThan(EFFECTS_MAX);
    const { effects } = await visit(n);
    if (effects < n) return n;
  }
}

describe.each([...ROWS, ...OTHER_ROWS].map(named))('$name', (row) => {
  it('the same node gives the same plan; a run that is left alone is done; again there is nothing to do', async () => {
    const node = await lay(row);
    const before = node.snapshot();
    const effects: Effect[] = [];
    const carrier = faultyExecutor(node, (effect) => effects.push(effect));
    expect(await carrier.plan(row.slug, row.params)).toEqual(
      await faultyExecutor(node).plan(row.slug, row.params),
    );
    expect(effects.filter((effect) => effect === 'write' || effect === 'state')).toEqual([]);
    expect(placeOf(row, node, before)).toBe('before');
    const { events, planned } = await carryOut(faultyExecutor(node), row.slug, row.params);
    expect(planned?.ok === false ? planned.error.detail : null).toBeNull();
    expect(events.at(-1)).toMatchObject({ state: 'done', line: 'done and verified' });
    expect(placeOf(row, node, before)).toBe('after');
    expect(await faultyExecutor(node).plan(row.slug, row.params)).toMatchObject({
      ok: false,
      error: { code: 'CAS_PLAN_EMPTY' },
    });
    for (const said of [events, planned, node.snapshot(node.state)])
      expect(JSON.stringify(said)).not.toContain(PASSWORD);
    node.remove();
  });
});

describe.each((isWhole ? [...ROWS, ...OTHER_ROWS] : ROWS).map(named))('$name', (row) => {
  it('refused at any one effect, the node is as before or as after, and says which', {
    timeout: LOOP_MS,
  }, async () => {
    const count = await forEachEffect(async (n) => {
      const node = await lay(row);
      const before = node.snapshot();
      const fault = refusesAt(n);
      const { events, thrown } = await carryOut(faultyExecutor(node, fault.fate), row.slug, row.params);
      const place = placeOf(row, node, before);
      const expected = lastState(events) === 'done' ? 'after' : 'before';
      expect([n, place, thrown === null || events.length === 0]).toEqual([n, expected, true]);
      expect([n, lastState(events)]).toEqual([
        n,
        expect.stringMatching(/^(done|rolledBack|refused|stale|none)$/),
      ]);
      // A copy that could not be removed is told, and goes with the next start.
      await faultyExecutor(node).recover(() => undefined);
      expect([n, JSON.stringify([events, node.snapshot(node.state)]).includes(PASSWORD)]).toEqual([n, false]);
      node.remove();
      return { effects: fault.count() };
    });
    expect(count).toBeGreaterThan(8);
  });

  it('with a disk that is full from any write on, the run itself leaves the node as before or as after', {
    timeout: LOOP_MS,
  }, async () => {
    const count = await forEachEffect(async (n) => {
      const node = await lay(row);
      const before = node.snapshot();
      const full = fullFrom(n);
      const { events, thrown } = await carryOut(faultyExecutor(node, full.fate), row.slug, row.params);
      expect([n, placeOf(row, node, before), thrown]).toEqual([
        n,
        lastState(events) === 'done' ? 'after' : 'before',
        null,
      ]);
      expect([n, lastState(events)]).toEqual([n, expect.stringMatching(/^(done|rolledBack|refused)$/)]);
      await faultyExecutor(node).recover(() => undefined);
      expect([n, JSON.stringify(node.snapshot(node.state)).includes(PASSWORD)]).toEqual([n, false]);
      node.remove();
      return { effects: full.count() };
    });
    expect(count).toBeGreaterThan(4);
  });

  it('an agent that is told to stop in the middle puts back before it stops', async () => {
    const node = await lay(row);
    const before = node.snapshot();
    const stop = new AbortController();
    let isBegun = false;
    const { events } = await carryOut(
      faultyExecutor(
        node,
        (effect) => {
          if (effect === 'state') isBegun = true;
          if (isBegun && effect === 'write') stop.abort(new Error('the agent is to stop'));
        },
        stop.signal,
      ),
      row.slug,
      row.params,
    );
    expect(stop.signal.aborted).toBe(true);
    expect(lastState(events)).toBe('rolledBack');
    expect(placeOf(row, node, before)).toBe('before');
    node.remove();
  });

  it('killed at any effect, and the next start too, the one after finds the node as before or as after', {
    timeout: LOOP_MS,
  }, async () => {
    const count = await forEachEffect(async (n) => {
      const node = await lay(row);
      const before = node.snapshot();
      const kill = diesAt(n);
      const { thrown } = await carryOut(faultyExecutor(node, kill.fate), row.slug, row.params);
      if (thrown !== null) expect(String(thrown)).not.toContain(PASSWORD);
      const events: RunEvent[] = [];
      const tell = (event: RunEvent) => events.push(event);
      const again = diesAt(1 + (n % 7));
      await faultyExecutor(node, again.fate)
        .recover(tell)
        .catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
      await faultyExecutor(node).recover(tell);
      expect([n, placeOf(row, node, before)]).toEqual([n, expect.stringMatching(/^(before|after)$/)]);
      expect([n, JSON.stringify([events, node.snapshot(node.state)]).includes(PASSWORD)]).toEqual([n, false]);
      const left = events.length;
      await faultyExecutor(node).recover(tell);
      expect([n, events.length]).toEqual([n, left]);
      node.remove();
      return { effects: kill.count() };
    });
    expect(count).toBeGreaterThan(8);
  });
});
