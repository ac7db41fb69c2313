import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/server.js';
import { openDatabase } from './open.js';
import { openStore } from './store.js';

const token = (id: string) => ({
  id,
  secretHash: 'x',
  group: 'g',
  nodeName: null,
  usesTotal: 1,
  usesLeft: 1,
  createdAt: 1,
  createdBy: 'test',
  expiresAt: 2,
});

test('the database writes through to the disk, ahead in a log', async () => {
  const db = await openDatabase(join(temporaryFolder(), 'a.db'));
  const pragma = async (name: string) => Object.values((await db.writer.raw(`pragma ${name}`))[0])[0];
  expect([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')]).toEqual([
    'wal',
    2,
    1,
  ]);
  await db.close();
});

test('opening twice migrates once', async () => {
  const file = join(temporaryFolder(), 'a.db');
  const first = await openStore(file);
  await first.transaction((tx) => tx.tokens.add(token('t1')));
  await first.close();
  const second = await openStore(file);
  expect(await second.read.tokens.list()).toHaveLength(1);
  await second.close();
});

test('a transaction that throws leaves nothing', async () => {
  const store = await openStore(join(temporaryFolder(), 'a.db'));
  await expect(
    store.transaction(async (tx) => {
      await tx.tokens.add(token('t1'));
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await store.read.tokens.list()).toEqual([]);
  await store.close();
});

test('two writers on one file take turns: the command line beside the server', async () => {
  const file = join(temporaryFolder(), 'a.db');
  const [one, two] = [await openStore(file), await openStore(file)];
  const write = (store: typeof one, name: string) =>
    store.transaction(async (tx) => {
      await tx.audit.append({ at: 1, actor: name, action: 'x', object: 'x', outcome: 'ok', detail: {} });
    });
  await Promise.all(Array.from({ length: 40 }, (_, n) => write(n % 2 ? one : two, `writer ${n}`)));
  const rows = await one.read.audit.range(0, 100);
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  await Promise.all([one.close(), two.close()]);
});

test('a token of one use is used once, however many ask', async () => {
  const store = await openStore(join(temporaryFolder(), 'a.db'));
  await store.transaction((tx) => tx.tokens.add(token('t1')));
  const uses = await Promise.all(
    Array.from({ length: 5 }, () => store.transaction((tx) => tx.tokens.use('t1'))),
  );
  expect(uses.filter(Boolean)).toHaveLength(1);
  await store.close();
});
