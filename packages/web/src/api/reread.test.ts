import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type ListSearch, mayBelong, refreshRows } from './lists.js';
import { rowsOf } from './live.js';
import { REREAD_MS_MIN, rereader } from './reread.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A list of findings on the screen that is one page whole, and how often it was read. */
async function shown(
  client: QueryClient,
  list: 'findings' | 'nodes',
  search: ListSearch<string>,
  ids: string[],
) {
  let reads = 0;
  const queryFn = async () => {
    reads += 1;
    return { items: ids.map((id) => ({ id })), next: null, previous: null, total: ids.length, facets: {} };
  };
  const queryKey = [list, 'list', search];
  const leave = new QueryObserver(client, { queryKey, queryFn }).subscribe(() => undefined);
  onTestFinished(leave);
  await vi.advanceTimersByTimeAsync(0);
  return () => reads;
}

const finding = {
  ...{ id: 'fnd_new', nodeId: 'nod_1', alertId: 'alr_1' },
  ...{ control: 'MOM-TLS-001', severity: 'high', state: 'open' },
};

test.each<[string, 'findings' | 'nodes', ListSearch<string>, string[], Partial<typeof finding>, boolean]>([
  ['a list of all', 'findings', {}, [], {}, true],
  ["another control's list", 'findings', { control: 'MOM-TLS-002' }, [], {}, false],
  ["its own control's list", 'findings', { control: 'MOM-TLS-001' }, [], {}, true],
  ["another node's list", 'findings', { node: 'nod_2' }, [], {}, false],
  ['a list of another severity', 'findings', { severity: 'low' }, [], {}, false],
  ['a list of another severity that shows it', 'findings', { severity: 'low' }, ['fnd_new'], {}, true],
  ['what is open, when it ends elsewhere', 'findings', {}, ['fnd_other'], { state: 'resolved' }, false],
  ['what is open, when it ends there', 'findings', {}, ['fnd_new'], { state: 'resolved' }, true],
  ['what is resolved, when it ends', 'findings', { state: 'resolved' }, [], { state: 'resolved' }, true],
  ['all states, when it ends', 'findings', { state: 'all' }, [], { state: 'resolved' }, true],
  ['an acknowledged one: it is among the open', 'findings', {}, [], { state: 'acknowledged' }, true],
  ['a search, which the event cannot answer', 'findings', { q: 'poodle' }, [], {}, true],
  ['its node, in a list that shows it', 'nodes', {}, ['nod_1'], {}, true],
  ['its node, in a list without it', 'nodes', { group: 'edge' }, ['nod_2'], {}, false],
  ['its node, which may have become the worst', 'nodes', { worst: 'high' }, [], {}, true],
])('a finding changes, and a whole list is read again when that touches it: %s', async (...row) => {
  const [, list, search, ids, change, isTouched] = row;
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000 } } });
  const reads = await shown(client, list, search, ids);
  const again = rereader(client);
  const changes = rowsOf('finding', { ...finding, ...change }).flatMap(([of, what]) =>
    of === list ? [what] : [],
  );
  await refreshRows(client, again, list, changes);
  await vi.advanceTimersByTimeAsync(0);
  expect(reads()).toBe(isTouched ? 2 : 1);
  again.end();
});

test('what an event does not say may be', () => {
  expect(mayBelong('findings', { group: 'edge' }, { id: 'x', said: { control: 'MOM-TLS-001' } })).toBe(true);
});

test('a list that every event touches is read once in a while, and once more after the last', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000 } } });
  const reads = await shown(client, 'findings', {}, []);
  const again = rereader(client);
  for (let n = 0; n < 20; n += 1) {
    again.reread(['findings', 'list', {}]);
    await vi.advanceTimersByTimeAsync(REREAD_MS_MIN / 8);
  }
  // At first, at the first event, and after each time that is over: 20 events take two and a half of them.
  expect(reads()).toBe(4);
  await vi.advanceTimersByTimeAsync(10 * REREAD_MS_MIN);
  expect(reads()).toBe(5);
  again.end();
});
