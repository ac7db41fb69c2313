import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, enrol } from '../../testing/agent.js';
import { castellanServer, spawnServer, writeSettings } from '../../testing/process.js';
import { enrolNew, newToken, startTestServer, temporaryFolder } from '../../testing/server.js';

const PARTS = ['', '-wal', '-shm'];

describe('a database that was put back by hand', () => {
  test('is noticed at the start: tokens of before are over, nodes that joined since are said, once', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'castellan.db');
    const first = await startTestServer({ folder });
    const used = await newToken(first);
    await first.stop();
    copyFileSync(database, join(folder, 'backup.db'));

    const second = await startTestServer({ folder });
    const joined = await enrol(second, used);
    expect(joined.status).toBe(200);
    await second.stop();
    for (const part of PARTS) rmSync(database + part, { force: true });
    copyFileSync(join(folder, 'backup.db'), database);

    const third = await startTestServer({ folder });
    const again = await enrol(third, used, { name: 'mta9.example.com' });
    expect([again.status, again.body.code]).toEqual([401, 'CAS_TOKEN_USED']);
    const url = third.ctx.facts.agentUrl();
    for (let n = 0; n < 3; n += 1)
      expect(await connect({ ...joined.enrolled, url })).toMatchObject({
        body: { code: 'CAS_CERT_REVOKED' },
      });
    const lines = (await third.ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items;
    expect(lines.filter(({ action }) => action === 'node.stranger')).toMatchObject([
      { object: joined.enrolled.nodeId, outcome: 'refused' },
    ]);
    expect(lines.filter(({ action }) => action === 'epoch.begin')).toHaveLength(1);
    expect(await enrolNew(third)).toMatchObject({ serverId: joined.enrolled.serverId });
    await third.stop();
    // It is said once: the next start is an ordinary one.
    const fourth = await startTestServer({ folder });
    const later = (await fourth.ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items;
    expect(later.filter(({ action }) => action === 'epoch.begin')).toHaveLength(1);
  });
});

describe('castellan-server restore', () => {
  test('puts the backup in place, ends its tokens, keeps what was there, and refuses while a server runs', async () => {
    const folder = temporaryFolder();
    const settings = writeSettings(folder);
    const token = castellanServer(['token', 'create', '--group', 'mta', '--config', settings]).trim();
    const backup = join(folder, 'backup.db');
    castellanServer(['backup', backup, '--config', settings]);
    const running = await spawnServer(settings);
    expect(() => castellanServer(['restore', backup, '--config', settings])).toThrow(
      new RegExp(`pid ${running.child.pid}`),
    );
    expect((await enrol(running, token)).status).toBe(200);
    await running.end('SIGTERM');

    castellanServer(['restore', backup, '--config', settings]);
    const restored = await spawnServer(settings);
    expect((await enrol(restored, token)).body.code).toBe('CAS_TOKEN_USED');
    await restored.end('SIGTERM');
    castellanServer(['audit', 'verify', '--config', settings]);
  }, 120_000);

  test('of what is no backup changes nothing', async () => {
    const folder = temporaryFolder();
    const settings = writeSettings(folder);
    castellanServer(['token', 'create', '--group', 'mta', '--config', settings]);
    const before = readFileSync(join(folder, 'data/castellan.db'));
    const other = join(folder, 'other.db');
    for (const text of ['', 'this is no database', before.subarray(0, 8192)]) {
      writeFileSync(other, text);
      expect(() => castellanServer(['restore', other, '--config', settings])).toThrow(/no backup/);
    }
    expect(readFileSync(join(folder, 'data/castellan.db')).equals(before)).toBe(true);
  }, 120_000);
});

test('a second server on the database fails, names the first, and changes nothing of it', async () => {
  const folder = temporaryFolder();
  const first = await startTestServer({ folder });
  const enrolled = await enrolNew(first);
  await first.ctx.store.transaction((tx) =>
    tx.nodes.heard(enrolled.nodeId, Date.now(), {
      watchers: [],
      spool: { records: 0, bytes: 0, droppedTotal: 0 },
    }),
  );
  await expect(startTestServer({ folder })).rejects.toMatchObject({
    code: 'CAS_CONFLICT',
    detail: expect.stringContaining(`pid ${process.pid}`),
  });
  expect(await first.ctx.store.read.nodes.get(enrolled.nodeId)).toMatchObject({ connected: true });
  await first.stop();
  await startTestServer({ folder });
});
