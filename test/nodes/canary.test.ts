import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { runProgram } from '../../packages/agent/src/cli/program.js';
import { type Canaries, placeCanaries } from './canary-places.js';
import { ECELERITY_CONF, laidNodes, type TestNode } from './node.js';

/**
 * A node with a secret in every place that can hold one, read by every reader: no secret is part of a fact, of a verdict,
 * of what `check` prints, or of a plan. What is only kept in the memory of the agent is not asked here.
 */
const newNode = laidNodes();
const AT_REST = { live: false, probe: false };
const RUNNING = { live: true, probe: false };

let node: TestNode;
let canaries: Canaries;
beforeAll(() => {
  node = newNode();
  canaries = placeCanaries(node);
});

const look = (of: TestNode, how: typeof AT_REST) =>
  scanOnce({
    ports: nodePorts(of.dir, how),
    settings: { nodeName: null, assumeMomentum: '3.6.6', ...how },
    signal: new AbortController().signal,
  });

/** As the command line runs it: everything that it writes, to both streams. */
async function written(...argv: readonly string[]): Promise<string> {
  let text = '';
  const note = (more: string): void => {
    text += more;
  };
  await runProgram(argv, { out: note, note, colour: false, width: 100 }, new AbortController().signal);
  process.exitCode = 0;
  return text;
}

test('the canaries are where they were put, and are looked for', () => {
  expect(canaries.placed.size).toBeGreaterThan(60);
  expect(canaries.in(node.read(ECELERITY_CONF)).length).toBeGreaterThan(10);
});

describe.each([
  ['at rest', AT_REST],
  ['running', RUNNING],
])('of a node %s', (_, how) => {
  test('no fact holds a secret', async () => {
    const { states } = await look(node, how);
    expect(states.size).toBeGreaterThan(10);
    for (const [name, state] of states) {
      expect(state.state, name).toBe('collected');
      expect(canaries.in(JSON.stringify(state)), name).toEqual([]);
    }
  });

  test('no verdict tells one', async () => {
    const { report } = await look(node, how);
    const failing = report.verdicts.filter(({ status }) => status === 'fail');
    expect(new Set(failing.map(({ control }) => control)).size).toBeGreaterThan(5);
    for (const verdict of report.verdicts)
      expect(canaries.in(JSON.stringify(verdict)), verdict.control).toEqual([]);
  });
});

test.each(['table', 'json', 'sarif', 'junit'])('check prints none as %s', async (format) => {
  const text = await written('check', '--root', node.dir, '--live', '--no-probe', '--format', format);
  expect(text).toContain('MOM-CRED-006');
  expect(canaries.in(text)).toEqual([]);
});

describe('a plan shows none', () => {
  const secretFile = (): string => {
    const file = join(mkdtempSync(join(node.dir, 'secret-')), 'password');
    writeFileSync(file, canaries.of('the password that the plan is given'));
    return file;
  };
  const rows: readonly (readonly [name: string, argv: () => readonly string[]])[] = [
    ['permissions-repair', () => []],
    ['tls-protocols', () => []],
    ['umask-repair', () => []],
    ['ldap-strict', () => []],
    ['securecreds-enable', () => ['--secret-file', `password=${secretFile()}`]],
    ...['ecconfigd', 'ecwebui', 'msyspg'].map(
      (service) => ['certificate-renew', () => ['--set', `service=${service}`]] as const,
    ),
  ];
  test.each(rows)('%s', async (slug, argv) => {
    for (const format of ['diff', 'json']) {
      const tree = ['--root', node.dir, '--live', '--no-probe', '--assume-momentum', '3.6.6'];
      const text = await written('plan', slug, ...tree, '--format', format, ...argv());
      expect(text.length).toBeGreaterThan(0);
      expect(canaries.in(text), text.slice(0, 500)).toEqual([]);
    }
  });
});

describe('a line that does not load is told without its secret', () => {
  test.each([
    ['no sign between name and value', (secret: string) => `Outbound_SMTP_Auth_Pass "${secret}"\n`],
    [
      'a value without quotes, and more after it',
      (secret: string) => `Outbound_SMTP_Auth_Pass = ${secret} more\n`,
    ],
    ['a secret on a line of its own', (secret: string) => `Outbound_SMTP_Auth_Pass =\n${secret}\n`],
    ['a string that does not end', (secret: string) => `Outbound_SMTP_Auth_Pass = "${secret}\n`],
    ['a connection string without quotes', (secret: string) => `uri = ( pgsql:user=a;password=${secret} \n`],
  ])('%s', async (_, line) => {
    const spoiled = newNode();
    const own = placeCanaries(spoiled);
    const secret = own.of('the line that does not load');
    spoiled.edit(ECELERITY_CONF, (text) => `${text}${line(secret)}`);
    const { report, states } = await look(spoiled, AT_REST);
    for (const [name, state] of states) expect(own.in(JSON.stringify(state)), name).toEqual([]);
    expect(own.in(JSON.stringify(report))).toEqual([]);
  });
});
