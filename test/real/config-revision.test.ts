import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeExec } from '../../packages/agent/src/adapters/node-exec.js';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import { Observer } from '../../packages/agent/src/app/observer.js';
import collector from '../../packages/agent/src/collectors/config-sync/collector.js';
import { NO_POLICY } from '../../packages/agent/src/engine/judge.js';
import { recordingFiles, type Touched } from '../../packages/agent/src/engine/recording-files.js';
import { staleFacts } from '../../packages/agent/src/engine/stale.js';
import { defineCollector } from '../../packages/agent/src/units/fact.js';
import { matters, watchSetOf } from '../../packages/agent/src/watch/watch-set.js';
import { caseInstall } from '../../packages/agent/testing/cases/node.js';
import { noNet } from '../../packages/agent/testing/no-net.js';
import { describeReal } from './parts.js';

const CONF = '/opt/msys/ecelerity/etc/conf';
const DATABASE = `${CONF}/.svn/wc.db`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-revision-'));
  svnadmin('create', join(folder, 'repository'));
  svn('mkdir', '-q', '--parents', '-m', 'places', url('/boot/default'), url('/other/default'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const svnadmin = (...args: string[]) => execFileSync('svnadmin', args);
const svn = (...args: string[]) => execFileSync('svn', ['--non-interactive', ...args], { encoding: 'utf8' });
const url = (path: string) => `file://${folder}/repository${path}`;

/** An MTA that is no manager: the repository is elsewhere. */
const LAID = caseInstall({ roles: ['mta'] });
const install = defineCollector({
  name: 'install',
  needs: [],
  title: 'what is laid',
  timeoutMs: 1_000,
  evidence: 'files',
  collect: () => LAID,
});

/** A node with a working copy of its own; its Subversion is the machine's, which sees the tree from outside. */
function layNode(name: string, place = '/boot') {
  const root = join(folder, name);
  const at = (path: string) => join(root, path);
  const program = at('/opt/msys/3rdParty/bin/svn');
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, `#!/bin/sh\nexec svn "$1" "$2" "${root}$3"\n`);
  chmodSync(program, 0o755);
  mkdirSync(dirname(at(CONF)), { recursive: true });
  svn('checkout', '-q', url(place), at(CONF));
  const ports = {
    files: nodeFiles(root),
    exec: nodeExec(root, { live: true }),
    net: noNet(),
    processes: { under: () => null },
    clock: nodeClock,
    signal: new AbortController().signal,
    settings: { nodeName: null, assumeMomentum: null, probe: false, live: true },
  };
  return {
    at,
    async look() {
      const files = recordingFiles(ports.files);
      const { settings, signal } = ports;
      const facts = { install: LAID };
      const fact = await collector.collect({ ...ports, files: files.files, settings, signal, facts });
      return { copy: fact.copy, revision: fact.revision, touched: files.touched(), files: ports.files };
    },
    /** As the agent has it, for its heartbeats. */
    observer: () =>
      new Observer({ ...ports, collectors: [install, collector], controls: [], policy: NO_POLICY }),
    commit(text: string) {
      writeFileSync(at(`${CONF}/default/ecelerity.conf`), text);
      svn('add', '-q', '--force', at(`${CONF}/default`));
      const said = svn('commit', '-m', 'an edit', at(CONF));
      svn('update', '-q', at(CONF));
      return Number(/Committed revision (\d+)/.exec(said)?.[1]);
    },
    /** Manual, executable.eccfg: a new checkout takes conf's place. */
    pullAnew() {
      svn('checkout', '-q', url(place), at(`${CONF}.new`));
      renameSync(at(CONF), at(`${CONF}.old`));
      renameSync(at(`${CONF}.new`), at(CONF));
    },
  };
}

const isStaleBy = (path: string, touched: Touched) =>
  staleFacts(
    [path],
    new Map([['configSync', { state: 'collected', value: null, touched, tookMs: 0 }]]),
    [],
  ).has('configSync');

describeReal('what a working copy is of', () => {
  test('is known on each node, and who has not pulled has the revision from before', async () => {
    const [manager, mta] = [layNode('manager'), layNode('mta')];
    const repository = svn('info', '--show-item', 'repos-uuid', url('')).trim();
    const held = (revision: number) => ({
      kind: 'known',
      value: { repository, path: '/boot/default', revision },
    });
    expect([(await manager.look()).copy, (await mta.look()).copy]).toEqual([held(1), held(1)]);
    expect(manager.commit('a = "1"\n')).toBe(2);
    const before = await mta.look();
    expect([(await manager.look()).copy, before.copy]).toEqual([held(2), held(1)]);
    // The repository is elsewhere, so MOM-CFG-004 cannot tell; the copy is known all the same.
    expect(before.revision).toMatchObject({ kind: 'not-known' });
    mta.pullAnew();
    expect((await mta.look()).copy).toEqual(held(2));
  }, 60_000);

  test('is asked anew when a pull has changed it, in place or by another folder, and not by asking', async () => {
    const [manager, mta] = [layNode('manager'), layNode('mta')];
    manager.commit('a = "1"\n');
    const asked = () => statSync(mta.at(DATABASE)).mtimeMs;
    const before = asked();
    const { touched, files } = await mta.look();
    svn('status', mta.at(CONF));
    expect(asked()).toBe(before);
    for (const path of [DATABASE, CONF]) {
      expect(matters(path, watchSetOf(touched, files))).toBe(true);
      expect(isStaleBy(path, touched)).toBe(true);
    }
    svn('update', '-q', mta.at(CONF));
    expect(asked()).not.toBe(before);
  }, 60_000);

  test('is what heartbeats say, from soon after a pull on', async () => {
    const [manager, mta] = [layNode('manager'), layNode('mta')];
    const observer = mta.observer();
    expect(observer.configuration).toBeUndefined();
    await observer.scanAll();
    expect(observer.configuration).toMatchObject({ path: '/boot/default', revision: 1 });
    manager.commit('a = "1"\n');
    await observer.scanChanged(new Set([`${CONF}/default/other.conf`]));
    expect(observer.configuration?.revision).toBe(1);
    svn('update', '-q', mta.at(CONF));
    await observer.scanChanged(new Set([DATABASE]));
    expect(observer.configuration?.revision).toBe(2);
    rmSync(mta.at(`${CONF}/.svn`), { recursive: true });
    await observer.scanChanged(new Set([DATABASE]));
    expect(observer.configuration).toBeUndefined();
  }, 60_000);

  test('is not known where there is no copy, or another path of it is told apart', async () => {
    const [mta, other] = [layNode('mta'), layNode('other', '/other')];
    expect((await other.look()).copy).toMatchObject({ value: { path: '/other/default' } });
    rmSync(mta.at(`${CONF}/.svn`), { recursive: true });
    expect((await mta.look()).copy).toMatchObject({
      kind: 'not-known',
      why: expect.stringMatching(/svn info .* did not answer/),
    });
  }, 60_000);
}, ['subversion']);
