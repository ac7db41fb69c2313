import { expect, test } from 'vitest';
import { isSecondPerson, needsTwoPersons } from './second-person.js';

test.each([
  ['no group takes two persons', [], 'user:olga', true, false],
  ['another group does', ['lab'], 'user:olga', true, false],
  ['this group does, and it is the one who asked', ['lab', 'production'], 'user:olga', false, true],
  ['this group does, and it is somebody else', ['production'], 'user:otto', true, true],
] as const)('%s', (_, groups, actor, may, needs) => {
  const plan = { requestedBy: 'user:olga', group: 'production' };
  expect(isSecondPerson(plan, actor, groups)).toBe(may);
  expect(needsTwoPersons(plan, groups)).toBe(needs);
});
