import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import type { Page } from '../standin/dist/demo/rest.js';
import { sealFor } from '../standin/dist/demo/seal.js';
import { ECDB_CONF } from '../standin/dist/lay/places.js';
import { replaceOnce } from '../standin/dist/lay/text-edit.js';
import { SERVICE_PASSWORD } from '../standin/dist/lay/texts/ecelerity-conf.js';
import { DIGEST_FILE, REALM } from '../standin/dist/running/repository-users.js';
import { findingIs, NODE, operatorOf, pathIn, startFleet, storeHealth } from './fleet.js';

const TEST_MS = 180_000;
/** Letters and digits only: no escaping of any format hides it. */
const CANARY = `Kanari${randomBytes(24).toString('hex')}`;

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

/** As it is, and as it would look had somebody wrapped it without encrypting it. */
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
  Buffer.from(CANARY).toString('hex'),
  Buffer.from(CANARY, 'utf16le').toString('latin1'),
];

function holdsCanary(content: Buffer | string): boolean {
  const text = typeof content === 'string' ? content : content.toString('latin1');
  return FORMS.some((form) => text.includes(form));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Everything that runs is told by its files: settings, state, backups, journals, spool, database, its log of both streams. */
function leaksIn(of: Fleet): { readonly ours: string[]; readonly nodes: string[]; readonly looked: number } {
  const node = pathIn(of, '');
  const files = filesBelow(of.dir);
  const leaking = files.filter((path) => holdsCanary(readFileSync(path)));
  const isNodes = (path: string) => path.startsWith(node);
  return {
    ours: leaking.filter((path) => !isNodes(path)).map((path) => relative(of.dir, path)),
    nodes: leaking.filter(isNodes).map((path) => `/${relative(node, path)}`),
    looked: files.length,
  };
}

/** The password stands where a site has it: in the connection string, and with the repository's users. */
function plantCanary(of: Fleet): void {
  replaceOnce(pathIn(of, ECDB_CONF), SERVICE_PASSWORD, CANARY);
  const digest = (password: string) => createHash('md5').update(`ecuser:${REALM}:${password}`).digest('hex');
  replaceOnce(pathIn(of, DIGEST_FILE), digest(SERVICE_PASSWORD), digest(CANARY));
}

/** Every answer of the API that a person could see it in. */
async function answers(of: Fleet): Promise<string[]> {
  const { rest } = of;
  const paths = [
    '/overview',
    '/nodes',
    '/findings?state=all&limit=500',
    '/runs',
    '/audit?limit=500',
    '/targets',
  ];
  for (const list of ['/nodes', '/findings?state=all&limit=500', '/runs']) {
    const { items } = await rest.get<Page<{ id: string; planId?: string }>>(list);
    for (const { id, planId } of items) {
      paths.push(`${list.split('?')[0]}/${id}`);
      if (planId !== undefined) paths.push(`/plans/${planId}`);
    }
  }
  return Promise.all(paths.map(async (path) => JSON.stringify(await rest.get(path))));
}

test('a password that is sealed for a node and stored there by securecreds-enable appears nowhere else', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startFleet(['plaintext-password'], { logLevel: 'debug', prepare: plantCanary });
  await findingIs(fleet, 'MOM-CRED-001', 'open');
  expect(leaksIn(fleet)).toMatchObject({ ours: [], nodes: [ECDB_CONF] });

  const operator = operatorOf(fleet);
  const sealed = await sealFor(await operator.nodeRow(NODE), CANARY);
  const runId = await operator.planAndApprove(NODE, 'securecreds-enable', { password: sealed });
  await operator.runIsDone(runId);
  await findingIs(fleet, 'MOM-CRED-001', 'resolved');
  await findingIs(fleet, 'MOM-CRED-006', 'resolved');

  const told = await answers(fleet);
  // The evidence is there, and what was asked for; only the password is not.
  expect(told.some((text) => text.includes(ECDB_CONF))).toBe(true);
  expect(told.some((text) => text.includes('securecreds-enable'))).toBe(true);
  expect(told.filter(holdsCanary)).toEqual([]);
  expect(fleet.receiver.pages.length).toBeGreaterThan(1);
  expect(holdsCanary(JSON.stringify(fleet.receiver.pages))).toBe(false);
  expect(await storeHealth(fleet)).toMatchObject({ integrity: 'ok', audit: { code: 0 } });

  // Momentum's own store has it encrypted, so that not even the node holds it in the open any more.
  const after = leaksIn(fleet);
  expect(after).toMatchObject({ ours: [], nodes: [] });
  expect(after.looked).toBeGreaterThan(50);
});

test('a wrong password is refused or put back, and appears nowhere either', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startFleet(['plaintext-password'], { logLevel: 'debug' });
  await findingIs(fleet, 'MOM-CRED-001', 'open');
  const operator = operatorOf(fleet);
  const sealed = await sealFor(await operator.nodeRow(NODE), CANARY);
  const outcome = await operator
    .planAndApprove(NODE, 'securecreds-enable', { password: sealed })
    .then((runId) => operator.runIsDone(runId))
    .catch((error: unknown) => String(error));
  expect(outcome).toMatch(/CAS_/);
  expect(holdsCanary(outcome)).toBe(false);
  expect((await answers(fleet)).filter(holdsCanary)).toEqual([]);
  expect(leaksIn(fleet)).toMatchObject({ ours: [], nodes: [] });
});
