import { expect, test } from 'vitest';
import type { Distribution } from '../../api/types.js';
import { distributionWords, lackWords } from './distribution-words.js';

const of = (state: Distribution['state'], nodes = 0, have = 0) =>
  distributionWords({ state, nodes, have, revision: 123, until: '', behind: [], moreBehind: 0 });

test('each state says what is known, and no more', () => {
  expect(of('everywhere', 2, 2)).toBe(
    'Committed as r123; all 2 other nodes that share the repository have it',
  );
  expect(of('everywhere', 1, 1)).toBe('Committed as r123; the other node that shares the repository has it');
  expect(of('waiting', 3, 1)).toBe(
    'Committed as r123; 1 of 3 other nodes that share the repository has it so far',
  );
  expect(of('behind', 3, 2)).toBe(
    'Committed as r123; 1 of 3 other nodes that share the repository still lacks it',
  );
  expect(of('alone')).toContain('no other node is known');
  expect(of('unknown')).toContain('is not known');
});

test('of a node that is not heard only what it said last is claimed', () => {
  expect(lackWords({ revision: 122, isSure: true })).toBe('still has r122');
  expect(lackWords({ revision: 122, isSure: false })).toMatch(/said last .*r122, and is not heard/);
});
