import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lanes, NEWS_COST_MAX, QUANTUM, type Queued } from './lanes.js';

interface Item extends Queued {
  readonly n: number;
}

const COST_MAX = 64;
const item = (lane: string, n: number, cost = 1, source: object | null = null): Item => ({
  lane,
  n,
  cost,
  bytes: cost,
  source,
});

function drain(lanes: Lanes<Item>): Item[] {
  const taken: Item[] = [];
  for (let next = lanes.take(); next; next = lanes.take()) taken.push(next);
  return taken;
}

const waiting = fc.array(
  fc.record({ lane: fc.constantFrom('a', 'b', 'c', 'd'), cost: fc.integer({ min: 1, max: COST_MAX }) }),
  { maxLength: 200 },
);

test('everything comes out once, and each lane in its order', () => {
  fc.assert(
    fc.property(waiting, (pieces) => {
      const lanes = new Lanes<Item>();
      for (const [n, { lane, cost }] of pieces.entries()) lanes.push(item(lane, n, cost));
      const taken = drain(lanes);
      expect(taken).toHaveLength(pieces.length);
      for (const lane of ['a', 'b', 'c', 'd']) {
        const order = taken.filter((piece) => piece.lane === lane).map(({ n }) => n);
        expect(order).toEqual([...order].sort((x, y) => x - y));
      }
      expect(lanes.total).toEqual({ pieces: 0, cost: 0, bytes: 0 });
    }),
  );
});

test('a lane with one cheap piece waits for no more than a quantum and a piece of each other lane, whatever they hold', () => {
  fc.assert(
    fc.property(
      waiting,
      waiting.filter((pieces) => pieces.length < 50),
      (before, served) => {
        const lanes = new Lanes<Item>();
        for (const [n, { lane, cost }] of before.entries()) lanes.push(item(lane, n, cost));
        // Somewhere in the middle of a flood that goes on.
        for (const _ of served) lanes.take();
        lanes.push(item('quiet', -1));
        let cost = 0;
        for (let next = lanes.take(); next && next.lane !== 'quiet'; next = lanes.take()) {
          cost += next.cost;
          lanes.push(item(next.lane, 1_000, next.cost));
        }
        expect(cost).toBeLessThanOrEqual(4 * (QUANTUM + COST_MAX));
      },
    ),
  );
});

const bulk = (lane: string, n: number, cost: number): Item => ({ ...item(lane, n, cost), isBulk: true });

test('news of one node come before the whole states of a thousand others, of which more come in', () => {
  const lanes = new Lanes<Item>();
  const states = 1_000;
  for (let n = 0; n < states; n += 1) lanes.push(bulk(`crowd${n}`, n, QUANTUM));
  for (let n = 0; n < 20; n += 1) {
    lanes.push(item('quiet', n));
    lanes.push(bulk(`late${n}`, n, QUANTUM));
    const before = [lanes.take(), lanes.take()].findIndex((next) => next?.lane === 'quiet');
    // At most one piece of a state, once in a while.
    expect(before).toBeGreaterThanOrEqual(0);
  }
});

test('whole states get on, however much news there is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: COST_MAX }), { minLength: 1, maxLength: 50 }), (costs) => {
      const lanes = new Lanes<Item>();
      for (const [n, cost] of costs.entries()) lanes.push(bulk(`crowd${n}`, n, cost));
      for (const lane of ['a', 'b', 'c']) lanes.push(item(lane, 0, 4));
      let [states, news] = [0, 0];
      while (states < costs.length) {
        const next = lanes.take();
        if (next?.isBulk) states += 1;
        else {
          news += next?.cost ?? 0;
          lanes.push(item(next?.lane ?? '', 1, 4));
        }
      }
      expect(news).toBeLessThanOrEqual((NEWS_COST_MAX + 4) * costs.length);
    }),
  );
});

test('what a node says after its whole state is stored after it', () => {
  const lanes = new Lanes<Item>();
  lanes.push(bulk('a', 0, 3));
  lanes.push(item('a', 1));
  lanes.push(item('b', 2));
  // The state had more to do, when news had come in behind it.
  lanes.push(bulk('c', 3, 3));
  const order = drain(lanes).map(({ n }) => n);
  expect(order.indexOf(0)).toBeLessThan(order.indexOf(1));
  lanes.push(item('a', 1));
  lanes.pushFront(bulk('a', 0, 3), 0);
  lanes.push(item('b', 2));
  expect(drain(lanes).map(({ n }) => n)).toEqual([2, 0, 1]);
});

test('two lanes that always hold something get the same by cost, not by count', () => {
  const lanes = new Lanes<Item>();
  const got = { dear: 0, cheap: 0 };
  for (let n = 0; n < 2_000; n += 1) lanes.push(item('dear', n, COST_MAX));
  for (let n = 0; n < 50_000; n += 1) lanes.push(item('cheap', n, 1));
  for (let n = 0; n < 10_000; n += 1) {
    const next = lanes.take();
    got[next?.lane as 'dear' | 'cheap'] += next?.cost ?? 0;
  }
  expect(Math.abs(got.dear - got.cheap)).toBeLessThanOrEqual(2 * (QUANTUM + COST_MAX));
});

test('what a connection brought is dropped from its lane; what another brought of the same node stays', () => {
  const lanes = new Lanes<Item>();
  const [gone, here] = [{}, {}];
  for (const [n, source] of [gone, here, null, gone].entries()) lanes.push(item('a', n, 2, source));
  lanes.push(item('b', 4, 1, gone));
  expect(lanes.drop(gone).map(({ n }) => n)).toEqual([0, 3, 4]);
  expect(lanes.load('a')).toEqual({ pieces: 2, cost: 4, bytes: 4 });
  expect(lanes.load('b')).toEqual({ pieces: 0, cost: 0, bytes: 0 });
  expect(drain(lanes).map(({ n }) => n)).toEqual([1, 2]);
});

test('what is put back comes first in its lane', () => {
  const lanes = new Lanes<Item>();
  for (let n = 0; n < 3; n += 1) lanes.push(item('a', n));
  const first = lanes.take();
  if (first) lanes.pushFront(first, first.cost);
  expect(drain(lanes).map(({ n }) => n)).toEqual([0, 1, 2]);
});
