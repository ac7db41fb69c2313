import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('so many at a time, the others in the order in which they came', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (index) => {
    ends.push(await turns.take());
    order.push(index);
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual([0, 1]);
  // Ended twice, it is one turn that is over.
  ends[0]?.();
  ends[0]?.();
  await all[2];
  expect(order).toEqual([0, 1, 2]);
  ends[1]?.();
  await all[3];
  expect(order).toEqual([0, 1, 2, 3]);
});

test('who gives up waiting keeps nobody waiting', async () => {
  const turns = new Turns(1);
  const end = await turns.take();
  const stop = new AbortController();
  const left = turns.take(stop.signal);
  const stays = turns.take();
  stop.abort(new Error('enough'));
  await expect(left).rejects.toThrow('enough');
  await expect(turns.take(stop.signal)).rejects.toThrow('enough');
  end();
  (await stays)();
  (await turns.take())();
});

test('no more wait than the bound says', async () => {
  const turns = new Turns(1, 1);
  const end = await turns.take();
  const waits = turns.take();
  await expect(turns.take()).rejects.toThrow('more than 1 wait');
  end();
  (await waits)();
});
