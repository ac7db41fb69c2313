import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, PEOPLE, signedIn, startTestServer, temporaryFolder } from '../../testing/server.js';
import { checkStore } from '../services/store-health.js';
import { openDatabase } from './open.js';

/** Another process's lock, held until it is let go. */
async function foreignLock(folder: string) {
  const db = await openDatabase(join(folder, 'castellan.db'));
  const held = await db.writer.transaction();
  await held('meta').insert({ name: 'foreign', value: '' });
  return async () => {
    await held.rollback();
    await db.close();
  };
}

async function setUp() {
  const folder = temporaryFolder();
  const server = await startTestServer({ folder });
  const ready = async () => (await fetch(`${server.peopleUrl}/readyz`)).status;
  return { folder, server, ready };
}

test('while a transaction is open the API answers from its own connections', async () => {
  const { server } = await setUp();
  const call = await signedIn(server, 'viewer');
  let letGo: () => void = () => undefined;
  const open = server.ctx.store.transaction(
    () =>
      new Promise<void>((resolve) => {
        letGo = resolve;
      }),
  );
  for (const path of ['/findings', '/nodes', '/overview', '/session'])
    expect((await call('GET', path)).status).toBe(200);
  const headers = { authorization: `Bearer ${PEOPLE.metricsToken}` };
  expect((await fetch(`${server.peopleUrl}/metrics`, { headers })).status).toBe(200);
  letGo();
  await open;
});

test('a write through the readers fails', async () => {
  const { server } = await setUp();
  await expect(server.ctx.store.read.nodes.partAll()).rejects.toMatchObject({ code: 'CAS_UNAVAILABLE' });
});

test("while another process holds the lock: not ready, reads go on, a person's write is told to come back", async () => {
  const { folder, server, ready } = await setUp();
  const call = await signedIn(server, 'admin');
  expect(await ready()).toBe(200);
  const letGo = await foreignLock(folder);
  await eventually(async () => (await ready()) === 503, 'not ready');
  expect((await call('GET', '/findings')).status).toBe(200);
  const write = await call('POST', '/tokens', { group: 'g', ttlSeconds: 60, uses: 1 });
  expect([write.status, (write.body as { code: string }).code]).toEqual([503, 'CAS_UNAVAILABLE']);
  expect(JSON.stringify(write.body)).not.toContain('insert');
  await letGo();
  await eventually(async () => (await ready()) === 200, 'ready again');
  expect(server.ctx.counters.entries('storeFailures').map(([code]) => code)).toContain('SQLITE_BUSY');
}, 60_000);

test('a server that starts while another process holds the lock reads, and is not ready', async () => {
  const { folder, server } = await setUp();
  await server.stop();
  const letGo = await foreignLock(folder);
  const again = await startTestServer({ folder });
  expect((await fetch(`${again.peopleUrl}/healthz`)).status).toBe(200);
  expect((await fetch(`${again.peopleUrl}/readyz`)).status).toBe(503);
  await letGo();
  await eventually(async () => (await fetch(`${again.peopleUrl}/readyz`)).status === 200, 'ready');
}, 60_000);

test('damage is found by the look at the whole file, and makes the server not ready', async () => {
  const { folder, server } = await setUp();
  await checkStore(server.ctx);
  expect(server.ctx.health.damage).toEqual([]);
  await server.stop();
  const file = join(folder, 'castellan.db');
  spoil(file);
  const again = await startTestServer({ folder });
  expect(again.ctx.health.damage.length).toBeGreaterThan(0);
  const answer = await fetch(`${again.peopleUrl}/readyz`);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
    503,
    'CAS_STORE_DAMAGED',
  ]);
});

/** The header of the b-tree of one table that no start reads: `run_events`. */
function spoil(file: string): void {
  const script = `
    const sqlite = require('sqlite3');
    const db = new sqlite.Database(process.argv[1]);
    db.get("select rootpage from sqlite_master where name = 'run_events'", (e, row) =>
      db.run('pragma wal_checkpoint(truncate)', () => { console.log(row.rootpage); db.close(); }));`;
  const page = Number(execFileSync(process.execPath, ['-e', script, file], { cwd: import.meta.dirname }));
  expect(statSync(file).size).toBeGreaterThanOrEqual(page * 4096);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xa5), 0, 64, (page - 1) * 4096);
  closeSync(handle);
}
