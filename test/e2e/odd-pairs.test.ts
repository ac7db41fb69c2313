import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair } from '../../packages/agent/testing/pairs.js';
import { rankOf, type Verdict } from '../../packages/shared/src/model/verdict.js';
import { layNode } from '../standin/dist/lay/node.js';
import { typed } from './fleet.js';

const TEST_MS = 60_000;
const YEAR_MS = 365 * 86_400_000;
const CERTIFICATE = '/opt/msys/ecwebui/config/site/server.crt';
const KEY = '/opt/msys/ecwebui/config/site/server.key';
const PASSPHRASE = 'a passphrase of the test';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-pairs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const half = (path: string) => {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, text.length / 2));
};
const linkToNowhere = (path: string) => {
  rmSync(path);
  symlinkSync('nowhere.pem', path);
};
const turnIntoFolder = (path: string) => {
  rmSync(path);
  mkdirSync(path);
};

interface Told {
  /** MOM-CRT-003: can the web UI start with its pair. */
  readonly start: string;
  /** MOM-CRT-004: how its certificate ages. */
  readonly age?: string;
  readonly at: string;
}
type Case = readonly [name: string, spoil: (certificate: string, key: string) => unknown, told: Told];

const CASES: readonly Case[] = [
  [
    'an empty certificate',
    (file) => writeFileSync(file, ''),
    { start: 'the file is empty', age: 'the file is empty', at: CERTIFICATE },
  ],
  ['half a certificate', half, { start: 'it is half written', age: 'it is half written', at: CERTIFICATE }],
  [
    'a link to no certificate',
    linkToNowhere,
    { start: 'a link to nowhere.pem', age: 'a link to nowhere.pem', at: CERTIFICATE },
  ],
  [
    'a folder for a certificate',
    turnIntoFolder,
    { start: 'it is a folder', age: 'it is a folder', at: CERTIFICATE },
  ],
  [
    'no certificate',
    (file) => rmSync(file),
    { start: 'there is no such file', age: 'there is no such file', at: CERTIFICATE },
  ],
  ['an empty key', (_, key) => writeFileSync(key, ''), { start: 'the file is empty', at: KEY }],
  ['half a key', (_, key) => half(key), { start: 'it is half written', at: KEY }],
  ['a link to no key', (_, key) => linkToNowhere(key), { start: 'a link to nowhere.pem', at: KEY }],
  ['a folder for a key', (_, key) => turnIntoFolder(key), { start: 'it is a folder', at: KEY }],
  [
    'a key that is encrypted',
    (_, key) =>
      writeFileSync(
        key,
        createPrivateKey(readFileSync(key)).export({
          type: 'pkcs8',
          format: 'pem',
          cipher: 'aes-256-cbc',
          passphrase: PASSPHRASE,
        }),
      ),
    { start: 'asks for a passphrase', at: KEY },
  ],
  [
    "another certificate's key",
    async (_, key) => writeFileSync(key, (await makePair()).keyPem),
    { start: `certificate and key do not match (key: ${KEY})`, at: CERTIFICATE },
  ],
];

/** What `check` says of a tree that is only read. */
async function check(root: string): Promise<Map<string, Verdict>> {
  const ended = await typed('agent', ['check', '--root', root, '--format', 'json', '--fail-on', 'none']);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const { verdicts }: { verdicts: Verdict[] } = JSON.parse(ended.stdout);
  // Of several subjects the worst.
  const ranked = [...verdicts].sort((a, b) => rankOf(b) - rankOf(a));
  return new Map(ranked.map((verdict) => [verdict.control, verdict]));
}

const layHealthy = async () =>
  (await layNode(mkdtempSync(join(folder, 'node-')), { name: 'mta1.example.com' })).dir;

describe('the web UI with', () => {
  test.each(CASES)(
    '%s cannot start, and its age is no guess',
    { timeout: TEST_MS },
    async (_, spoil, told) => {
      const root = await layHealthy();
      await spoil(join(root, CERTIFICATE), join(root, KEY));
      const verdicts = await check(root);

      const start = verdicts.get('MOM-CRT-003');
      expect(start?.status).toBe('fail');
      expect(start?.violations[0]).toMatchObject({ at: { file: told.at } });
      expect(start?.violations[0]?.found).toContain(told.start);

      const age = verdicts.get('MOM-CRT-004');
      expect(age?.status).toBe(told.age === undefined ? 'pass' : 'indeterminate');
      if (told.age !== undefined) expect(age?.reason).toContain(told.age);

      const others = [...verdicts.values()].filter(
        ({ control }) => !['MOM-CRT-003', 'MOM-CRT-004'].includes(control),
      );
      expect(others.filter(({ status }) => status === 'fail' || status === 'errored')).toEqual([]);
      expect(JSON.stringify([...verdicts.values()])).not.toContain('PRIVATE KEY');
    },
  );

  test('a certificate that is not yet valid fails by its age alone', { timeout: TEST_MS }, async () => {
    const root = await layHealthy();
    const pair = await makePair({
      notBefore: new Date(Date.now() + YEAR_MS),
      notAfter: new Date(Date.now() + 2 * YEAR_MS),
    });
    writeFileSync(join(root, CERTIFICATE), pair.certificatePem);
    writeFileSync(join(root, KEY), pair.keyPem);
    const failing = [...(await check(root)).values()].filter(({ status }) => status === 'fail');
    expect(failing.map(({ control }) => control)).toEqual(['MOM-CRT-004']);
    expect(failing[0]?.summary).toContain('is not valid before');
  });
});
