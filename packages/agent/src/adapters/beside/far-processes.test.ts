import { expect, test } from 'vitest';
import { readProcesses } from './far-processes.js';

const one = ['17', '/opt/msys/ecelerity/sbin/ecelerity', '', '500', '0027'];
const answered = (cut: string) => ({
  kind: 'answered' as const,
  parts: one.map((text) => Buffer.from(text)),
  end: [Buffer.from(cut)],
});

test('processes of a node are told', () => {
  expect(readProcesses(answered('0'))).toEqual([
    { pid: 17, link: one[1], firstArgument: '', uid: 500, umask: 0o27 },
  ]);
});

test('where there are more than were looked at, nothing is said of any: one of the others may be the one', () => {
  expect(readProcesses(answered('1'))).toBeNull();
});
