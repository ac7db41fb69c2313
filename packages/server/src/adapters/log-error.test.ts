import { expect, test } from 'vitest';
import { openLog, STORE_LINE_MS } from './log.js';

const VALUE = 'CANARY-77ab';

function driverError(message: string, code: string): Error {
  return Object.assign(new Error(message), { code, errno: 1 });
}

function logged(...causes: unknown[]): string {
  const lines: string[] = [];
  const log = openLog('debug', { write: (line: string) => void lines.push(line) });
  for (const cause of causes) log.error({ event: 'x', err: cause }, 'failed');
  return lines.join('');
}

test.each([
  [
    'a statement',
    `insert into \`t\` (\`a\`) values ('${VALUE}') - SQLITE_CONSTRAINT: UNIQUE constraint failed: t.a`,
  ],
  ['a value with a code in it', `insert values ('${VALUE} - SQLITE_FULL: ${VALUE}') - SQLITE_CONSTRAINT: x`],
  ['a value with a new line in it', `insert values ('a\n    at ${VALUE}\n') - SQLITE_CONSTRAINT: x`],
  ['a statement that is cut', `insert values ('${VALUE}'`],
])(
  'of a driver error about %s the log holds what went wrong, and no statement and no value',
  (_name, message) => {
    const cause = driverError(message, 'SQLITE_CONSTRAINT');
    const wrapped = new Error('CAS_INTERNAL', { cause });
    expect(logged(cause, wrapped)).not.toContain(VALUE);
    expect(logged(cause, wrapped)).not.toContain('insert');
    expect(logged(cause)).toContain('SQLITE_CONSTRAINT');
  },
);

test('of other errors the message stays, up to a bound', () => {
  const line = logged(new Error(`plain ${'x'.repeat(10_000)}`));
  expect(line).toContain('plain xxx');
  expect(line.length).toBeLessThan(4_000);
});

test('a store that fails is said once in a while, with how often it was left out', () => {
  let now = 0;
  const lines: string[] = [];
  const log = openLog('debug', { write: (line: string) => void lines.push(line) }, () => now);
  const busy = driverError('begin - SQLITE_BUSY: database is locked', 'SQLITE_BUSY');
  for (let n = 0; n < 500; n += 1) log.error({ event: `event ${n}`, err: busy }, 'failed');
  expect(lines).toHaveLength(1);
  now += STORE_LINE_MS;
  log.error({ event: 'later', err: busy }, 'failed');
  log.error({ event: 'other', err: new Error('not of the store') }, 'failed');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('"linesLeftOut":499');
});
