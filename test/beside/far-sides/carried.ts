import type { RunEvent } from '@castellan/shared/model/run';
import { expect } from 'vitest';
import { DoubleNode } from '../../faults/double-node.js';
import { carryOut, faultyExecutor } from '../../faults/faulty-executor.js';
import type { Row } from '../../faults/remediation-rows.js';
import { besideExecutor, changeSession, portsOf } from '../changing.js';
import type { Sshd } from '../sshd.js';

export const nameOf = ({ slug, where = '' }: Row): string => `${slug}${where}`;

/**
 * Plans and carries out the same on two equal nodes, on one as the agent there does and on the other from beside.
 * `refusal`: why it is refused there, and everything is as it was.
 */
export async function expectSameRun(sshd: Sshd, login: string, row: Row, refusal?: string): Promise<void> {
  const here = await DoubleNode.lay(row.isVersioned, row.more);
  const there = await DoubleNode.lay(row.isVersioned, row.more);
  const session = await changeSession(sshd, login);
  const executor = besideExecutor(there, await portsOf(sshd, session, login, there));
  // Of the same node: a plan names what it saw by its inode too.
  const planned = await faultyExecutor(there).plan(row.slug, row.params);
  expect(JSON.stringify(await executor.plan(row.slug, row.params))).toBe(JSON.stringify(planned));
  const before = there.snapshot();
  const own = await carryOut(faultyExecutor(here), row.slug, row.params);
  const far = await carryOut(executor, row.slug, row.params);
  expect(far.thrown).toBeNull();
  const lines = (events: readonly RunEvent[]) => events.map(({ state, line, error }) => [state, line, error]);
  if (refusal === undefined) {
    expect(lines(far.events)).toEqual(lines(own.events));
    expect(comparable(row, there)).toEqual(comparable(row, here));
    expect(Object.keys(there.snapshot(there.state))).toEqual(Object.keys(here.snapshot(here.state)));
  } else {
    expect(far.events.at(-1)?.state).toBe('rolledBack');
    expect(far.events.map(({ line }) => line).join('\n')).toContain(refusal);
    expect(there.snapshot()).toEqual(before);
  }
  await session.close();
  for (const node of [here, there]) node.remove();
}

/** No key is made twice: of a new pair only owner and mode. */
function comparable({ slug, changes }: Row, node: DoubleNode): [string, string | undefined][] {
  return Object.entries(node.snapshot()).map(([path, told]) => [
    path,
    slug === 'certificate-renew' && changes.includes(path) ? told.split(' ', 2).join(' ') : told,
  ]);
}
