import { beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { verdict } from '../../packages/server/testing/agent.js';
import { startTestServer, testOptions } from '../../packages/server/testing/server.js';
import {
  enrolled,
  folderOf,
  isRenewed,
  RefusingStore,
  said,
  serialAt,
  startLink,
  type TestLink,
  until,
} from './agent-link.js';

const LIFE_MS = 60_000;
/** From issue: a new certificate is due for every node; one that has ended meanwhile is renewed by its key. */
const DUE_MS = 42_000;
const SKEW_MS = 600_000;
/** Of each node, before and after the server's restart. */
const BURST = 40;
const NAMES = ['mta1', 'mta2', 'mta3', 'skewed', 'full'] as const;

/** Of both ends, and put forward as time that has passed. */
let aheadMs = 0;
beforeEach(() => {
  aheadMs = 0;
});
const now = () => Date.now() + aheadMs;
const steady = () => performance.now() + aheadMs;

interface Member {
  readonly name: string;
  readonly folder: string;
  readonly nodeId: string;
  readonly old: string;
  readonly link: TestLink;
}

function burst({ link }: Member, from: number): void {
  const subjects = Array.from({ length: BURST }, (_, at) => `subject ${from + at}`);
  link.spool.addTransitions(subjects.map((subject) => ({ previous: null, verdict: verdict({ subject }) })));
  link.wake();
}

test('certificates that are due together, under a burst of verdicts and through a restart of the server, are renewed at every node: one with its clock off when it is put right, one with a full disk when there is room', async () => {
  const data = folderOf();
  const serve = (port: number): Promise<RunningServer> =>
    startTestServer({
      folder: data,
      adapters: { clock: { now, steady } },
      options: {
        certificates: { nodeLifeMs: LIFE_MS, renewalGraceMs: LIFE_MS },
        agents: { ...testOptions(data).agents, port },
      },
    });
  const first = await serve(0);
  let skewMs = 0;
  const disk = folderOf();
  const full = new RefusingStore(nodeStateStore(disk));
  const begin = async (name: (typeof NAMES)[number]): Promise<Member> => {
    const folder = name === 'full' ? disk : folderOf();
    const nodeId = await enrolled(first, folder, `${name}.example.com`);
    const clock = { ...nodeClock, steady, now: () => now() + (name === 'skewed' ? skewMs : 0) };
    const link = await startLink({ folder, clock, ...(name === 'full' ? { store: full } : {}) });
    await until(`${name} is connected`, () => said(link, 'link.connected').length > 0);
    return { name, folder, nodeId, old: await serialAt(first, nodeId), link };
  };
  const fleet = await Promise.all(NAMES.map(begin));
  const member = (name: (typeof NAMES)[number]) => fleet[NAMES.indexOf(name)] as Member;

  skewMs = SKEW_MS;
  full.isFull = true;
  aheadMs += DUE_MS;
  for (const one of fleet) burst(one, 0);
  await until('one is renewed, or asks', async () => {
    const serials = await Promise.all(
      fleet.map(async (one) => (await serialAt(first, one.nodeId)) !== one.old),
    );
    return serials.some(Boolean);
  });
  await first.stop();
  for (const one of fleet) burst(one, BURST);
  const second = await serve(Number(new URL(first.agentsUrl).port));

  const renewed = (one: Member) => isRenewed(second, one.folder, one.nodeId, one.old);
  for (const name of ['mta1', 'mta2', 'mta3'] as const)
    await until(`${name} is renewed`, () => renewed(member(name)));
  // Each says why it is not, is connected all the same, and keeps what it has.
  const refusals = (name: 'skewed' | 'full') => said(member(name).link, 'certificate.notRenewed');
  await until('the clock is refused', () => refusals('skewed').length > 0);
  expect(String(refusals('skewed')[0]?.detail)).toContain('CAS_CLOCK_SKEW');
  await until('the disk is refused', () =>
    refusals('full').some(({ code }) => code === 'CAS_STATE_UNUSABLE'),
  );
  for (const name of ['skewed', 'full'] as const)
    expect(await serialAt(second, member(name).nodeId)).toBe(member(name).old);

  skewMs = 0;
  full.isFull = false;
  for (const name of ['skewed', 'full'] as const)
    await until(`${name} is renewed`, () => renewed(member(name)));
  for (const { nodeId, name } of fleet) {
    await until(`everything of ${name} has arrived`, async () => {
      const active = await second.ctx.store.read.findings.activeOfNode(nodeId);
      return active.filter(({ control }) => control === 'MOM-TLS-001').length === 2 * BURST;
    });
    await until(`${name} is connected`, () => second.ctx.links.isConnected(nodeId));
  }
  const { items } = await second.ctx.store.read.audit.list({}, { limit: 200, cursor: null });
  expect(items.filter(({ action }) => action === 'node.enrol')).toHaveLength(fleet.length);
  expect((await second.ctx.store.read.nodes.glances('', 500)).map(({ id }) => id).sort()).toEqual(
    fleet.map(({ nodeId }) => nodeId).sort(),
  );
});
