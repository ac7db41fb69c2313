import { expect, test } from 'vitest';
import { type HeldKey, sharedKeyVerdict } from './shared-keys.js';

const KEY = 'c'.repeat(64);
const place = (node: string, group = 'mta', path = '/etc/server.crt') => ({ node, group, path });
const held = (over: Partial<HeldKey>): HeldKey => ({
  keySha256: KEY,
  places: [],
  placesTotal: 0,
  groups: [],
  nodesTotal: 0,
  ...over,
});

test.each<[string, HeldKey, string, RegExp]>([
  ['nobody has it any more', held({}), 'pass', /No node/],
  [
    'one node has it, at two places',
    held({
      places: [place('mta1'), place('mta1', 'mta', '/b')],
      placesTotal: 2,
      groups: ['mta'],
      nodesTotal: 1,
    }),
    'pass',
    /One node/,
  ],
  [
    'two nodes of a group',
    held({ places: [place('mta1'), place('mta2')], placesTotal: 2, groups: ['mta'], nodesTotal: 2 }),
    'fail',
    /^One private key is on 2 nodes: mta1, mta2\.$/,
  ],
  [
    'two nodes of two groups',
    held({
      places: [place('mta1'), place('db1', 'db')],
      placesTotal: 2,
      groups: ['db', 'mta'],
      nodesTotal: 2,
    }),
    'fail',
    /on 2 nodes in 2 groups: mta1, db1\.$/,
  ],
])('%s', (_, key, status, summary) => {
  const verdict = sharedKeyVerdict(key);
  expect(verdict).toMatchObject({ control: 'CAS-FLEET-002', subject: `key ${KEY}`, status });
  expect(verdict.summary).toMatch(summary);
  expect(verdict.violations.map(({ at }) => [at.object, at.file])).toEqual(
    status === 'fail' ? key.places.map(({ node, path }) => [node, path]) : [],
  );
});

test('places that are not named are counted', () => {
  const places = Array.from({ length: 100 }, (_, n) => place(`mta${n}`, 'mta', `/${'x'.repeat(4_000)}`));
  const verdict = sharedKeyVerdict(
    held({ places, placesTotal: 20_000, groups: ['mta'], nodesTotal: 10_000 }),
  );
  expect([verdict.violations.length, verdict.moreViolations]).toEqual([100, 19_900]);
  expect(verdict.summary).toContain('on 10000 nodes: mta0');
});
