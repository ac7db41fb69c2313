import type { RunEvent } from '@castellan/shared/model/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DoubleNode } from '../faults/double-node.js';
import { carryOut, faultyExecutor } from '../faults/faulty-executor.js';
import { OTHER_ROWS, ROWS, type Row } from '../faults/remediation-rows.js';
import { describeReal } from '../real/parts.js';
import { besideExecutor, changeSession, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

/** `npm run test:beside`: also those whose kinds of step are those of another. */
const IS_ALL = process.env['CASTELLAN_BESIDE'] === 'all';
const LOGIN = 'far-root';
const named = (row: Row) => ({ ...row, name: `${row.slug}${row.where ?? ''}` });

describeReal('what a run does from beside it does on the node', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => sshd.stop());

  test.each([...ROWS, ...(IS_ALL ? OTHER_ROWS : [])].map(named))('$name', async (row) => {
    const here = await DoubleNode.lay(row.isVersioned, row.more);
    const there = await DoubleNode.lay(row.isVersioned, row.more);
    const session = await changeSession(sshd, LOGIN);
    const executor = besideExecutor(there, await portsOf(sshd, session, LOGIN, there));
    // Of the same node: a plan names what it saw by its inode too.
    const planned = await faultyExecutor(there).plan(row.slug, row.params);
    expect(JSON.stringify(await executor.plan(row.slug, row.params))).toBe(JSON.stringify(planned));
    const own = await carryOut(faultyExecutor(here), row.slug, row.params);
    const far = await carryOut(executor, row.slug, row.params);
    expect(far.thrown).toBeNull();
    const lines = (events: readonly RunEvent[]) =>
      events.map(({ state, line, error }) => [state, line, error]);
    expect(lines(far.events)).toEqual(lines(own.events));
    expect(comparable(row, there)).toEqual(comparable(row, here));
    expect(Object.keys(there.snapshot(there.state))).toEqual(Object.keys(here.snapshot(here.state)));
    await session.close();
    for (const node of [here, there]) node.remove();
  });
}, ['openssh-server', 'openssh-client', 'acl']);

/** No key is made twice: of a new pair only owner and mode. */
function comparable({ slug, changes }: Row, node: DoubleNode): [string, string | undefined][] {
  return Object.entries(node.snapshot()).map(([path, told]) => [
    path,
    slug === 'certificate-renew' && changes.includes(path) ? told.split(' ', 2).join(' ') : told,
  ]);
}
