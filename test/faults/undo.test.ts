import { expect, it } from 'vitest';
import { DoubleNode } from './double-node.js';
import { carryOut, diesAt, faultyExecutor, Killed } from './faulty-executor.js';
import { OTHER_ROWS, ROWS } from './remediation-rows.js';

const EFFECTS_MAX = 100;
const EACH_UP_TO = 4;
const STRIDE = 4;

const rowOf = (slug: string) => {
  const row = [...ROWS, ...OTHER_ROWS].find((one) => one.slug === slug);
  if (!row) throw new Error(`no row of ${slug}`);
  return row;
};

async function mended(slug: string) {
  const row = rowOf(slug);
  const node = await DoubleNode.lay(row.isVersioned, row.more);
  const before = node.snapshot();
  const { events } = await carryOut(faultyExecutor(node), row.slug, row.params);
  expect(events.at(-1)).toMatchObject({ state: 'done' });
  return { node, before, row };
}

it.each(['permissions-repair', 'key-permissions', 'tls-protocols', 'ldap-strict', 'control-listener'])(
  'a run of %s is undone: every file is what it was, with its owner and mode, and twice is once',
  async (slug) => {
    const { node, before, row } = await mended(slug);
    const { events, planned } = await carryOut(faultyExecutor(node), 'undo', { run: 'run-1' }, 'run-2');
    expect(planned?.ok === false ? planned.error.detail : null).toBeNull();
    expect(planned?.ok && planned.value.title).toContain(`OPENS what ${slug} closed with run-1`);
    expect(events.at(-1)).toMatchObject({ state: 'done' });
    expect(node.snapshot()).toEqual(before);
    const again = await faultyExecutor(node).plan('undo', { run: 'run-1' });
    expect(again).toMatchObject({ ok: false, error: { code: 'CAS_PLAN_REFUSED' } });
    // Its own way back is the mending, once more.
    const back = await carryOut(faultyExecutor(node), 'undo', { run: 'run-2' }, 'run-3');
    expect(back.events.at(-1)).toMatchObject({ state: 'done' });
    expect(row.isAfter(node)).toBe(true);
    node.remove();
  },
);

it.each(['certificate-renew', 'securecreds-enable'])(
  'a run of %s is not undone: what it replaced was a secret, and is kept no more',
  async (slug) => {
    const { node } = await mended(slug);
    const after = node.snapshot();
    expect(await faultyExecutor(node).plan('undo', { run: 'run-1' })).toMatchObject({
      ok: false,
      error: { code: 'CAS_PLAN_REFUSED' },
    });
    expect(node.snapshot()).toEqual(after);
    node.remove();
  },
);

it('killed at any effect, and the next start too, an undo is made whole or not at all', async () => {
  for (let n = 1; ; n += n < EACH_UP_TO ? 1 : STRIDE) {
    const { node, before, row } = await mended('permissions-repair');
    const kill = diesAt(n);
    await carryOut(faultyExecutor(node, kill.fate), 'undo', { run: 'run-1' }, 'run-2');
    await faultyExecutor(node, diesAt(1 + (n % 7)).fate)
      .recover(() => undefined)
      .catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
    await faultyExecutor(node).recover(() => undefined);
    const isUndone = JSON.stringify(node.snapshot()) === JSON.stringify(before);
    expect([n, isUndone || row.isAfter(node)]).toEqual([n, true]);
    node.remove();
    if (kill.count() < n) break;
    expect(n).toBeLessThan(EFFECTS_MAX);
  }
});
