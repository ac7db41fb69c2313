import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Verdict } from '../../packages/shared/src/model/verdict.js';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { RunningProgram } from '../standin/dist/demo/programs.js';
import type { NodeRow, Page } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import { layNode } from '../standin/dist/lay/node.js';
import { ECELERITY_CONF } from '../standin/dist/lay/places.js';
import { newToken, startServerOnly, typed, WAIT_MS } from './fleet.js';

const TEST_MS = 120_000;
const MIB = 1024 * 1024;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-odd-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let fleet: Fleet | null = null;
let agent: RunningProgram | null = null;
afterEach(async () => {
  await agent?.stop();
  await fleet?.stop({ keep: false });
  agent = null;
  fleet = null;
});

function emptyNode(): string {
  const root = mkdtempSync(join(folder, 'empty-'));
  mkdirSync(join(root, 'etc'));
  return root;
}

test.each(['table', 'json', 'sarif', 'junit'])(
  'check of a host without Momentum says so, and prints no %s',
  async (format) => {
    const ended = await typed('agent', ['check', '--root', emptyNode(), '--format', format]);
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(
      /^castellan-agent: no Momentum was found: .*\/opt\/msys\/ecelerity.*\(CAS_NO_MOMENTUM\)\n$/,
    );
  },
);

test('the agent of a host without Momentum connects, says why it judges nothing, and raises no finding', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startServerOnly();
  const { rest, agentsUrl } = fleet;
  const settings = join(folder, 'agent.yaml');
  const state = join(folder, 'state');
  writeFileSync(
    settings,
    `version: 1\nroot: ${emptyNode()}\nlive: true\nstate: ${state}\nname: bare.example.com\n`,
  );
  const enrolled = await typed(
    'agent',
    ['enroll', '--server', agentsUrl, '--token-file', '-', '--config', settings],
    await newToken(fleet),
  );
  expect(enrolled.code).toBe(0);
  agent = RunningProgram.start('agent', ['run', '--config', settings], join(folder, 'agent.log'));
  // Its verdicts come one after the other: on a busy machine they can be read before the last one is there.
  const node = await until('the node reports', WAIT_MS, async () => {
    const { items } = await rest.get<Page<NodeRow>>('/nodes');
    const [row] = items.filter(({ connected }) => connected);
    const full = row ? await rest.get<NodeRow & { verdicts: Verdict[] }>(`/nodes/${row.id}`) : null;
    return full && full.verdicts.length > 16 ? full : null;
  });
  // Root's umask is the host's own matter; the manual has it inspected before Momentum is installed.
  const ofMomentum = node.verdicts.filter(({ control }) => control !== 'MOM-PERM-001');
  expect(ofMomentum.length).toBeGreaterThan(15);
  expect(ofMomentum.filter(({ status }) => status !== 'indeterminate')).toEqual([]);
  const why = ofMomentum.filter(({ reason }) => reason?.includes('no Momentum was found'));
  expect(why.length).toBeGreaterThan(ofMomentum.length / 2);
  expect((await rest.get<Page<unknown>>('/findings?state=all')).items).toEqual([]);
  expect(agent.hasEnded).toBe(false);
  expect(await agent.stop()).toBe(0);
});

/** What `check` says of a tree that is only read, control by control. */
async function check(root: string): Promise<Map<string, Verdict>> {
  const { code, stdout, stderr } = await typed('agent', [
    'check',
    '--root',
    root,
    '--format',
    'json',
    '--fail-on',
    'none',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const report: { verdicts: Verdict[] } = JSON.parse(stdout);
  return new Map(report.verdicts.map((verdict) => [`${verdict.control} ${verdict.subject}`, verdict]));
}

const statuses = (verdicts: Map<string, Verdict>) =>
  Object.fromEntries([...verdicts].map(([key, { status }]) => [key, status]));

test('a configuration of 5 MB is judged to its last line', { timeout: TEST_MS }, async () => {
  const { dir } = await layNode(join(folder, 'large'), { name: 'mta1.example.com' });
  const before = await check(dir);
  const file = join(dir, ECELERITY_CONF);
  const own = readFileSync(file, 'utf8');
  const block = (i: number) =>
    `Binding "b${i}" {\n  EHLO_Hostname = "b${i}.example.com"\n}\n# ${'x'.repeat(60)}\n`;
  let text = own;
  for (let i = 0; text.length < 5 * MIB; i += 1) text += block(i);
  text += 'Binding "last" {\n  TLS_Protocols = "+ALL"\n}\n';
  writeFileSync(file, text);
  const after = await check(dir);
  const outbound = [...after.values()].find(
    ({ control, status }) => control === 'MOM-TLS-002' && status === 'fail',
  );
  expect(outbound?.status).toBe('fail');
  expect(outbound?.violations.map(({ at }) => at)).toMatchObject([
    { file: ECELERITY_CONF, line: text.split('\n').length - 2 },
  ]);
  const elsewhere = (of: Map<string, Verdict>) =>
    Object.fromEntries(Object.entries(statuses(of)).filter(([key]) => !key.startsWith('MOM-TLS')));
  expect(elsewhere(after)).toEqual(elsewhere(before));
});

test.each([
  ['closes more than it opened', '}}}}'],
  ['is cut off in the middle of a string', 'Spoolbase = = "no end'],
  ['is no configuration at all', '\u0000\u0001<xml>%%% ) ( '],
])(
  'a configuration with a line that %s is not judged as if it ran, and the rest is',
  { timeout: TEST_MS },
  async (_name, line) => {
    const { dir } = await layNode(mkdtempSync(join(folder, 'syntax-')), {
      name: 'mta1.example.com',
      faults: ['tls-protocols', 'webui-key-open', 'plaintext-password', 'ecconfigd-certificate-expired'],
    });
    const before = await check(dir);
    const file = join(dir, ECELERITY_CONF);
    const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [first, line, ...rest].join('\n'));
    const after = await check(dir);
    expect(Object.values(statuses(before)).filter((status) => status === 'fail').length).toBeGreaterThan(4);
    const of = (control: string) =>
      [...after.values()].filter((verdict) => verdict.control === control).map(({ status }) => status);
    expect([...after.values()].filter(({ status }) => status === 'errored')).toEqual([]);
    expect(of('MOM-CFG-001')).toEqual(['fail']);
    for (const control of ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003', 'MOM-CRED-001'])
      expect([control, new Set(of(control))]).toEqual([control, new Set(['indeterminate'])]);
    // A password stands there whether the file loads or not; keys, certificates and modes are other files' matter.
    for (const control of ['MOM-CRED-006', 'MOM-CRT-006', 'MOM-CRT-009', 'MOM-PERM-001'])
      expect([control, of(control)]).toEqual([
        control,
        [...before.values()].filter((verdict) => verdict.control === control).map(({ status }) => status),
      ]);
  },
);
