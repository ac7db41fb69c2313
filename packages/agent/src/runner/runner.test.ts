import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  AFTER,
  EFFECTS_MAX,
  type FakeProgram,
  freshNode,
  killAt,
  planned,
  put,
  REQUEST,
  SAMPLE_PROGRAM,
  SECRET,
  snapshot,
  testNode,
} from '../../testing/sample-run.js';
import { selfSigned } from '../knowledge/certificates/self-signed.js';
import { StateProblem } from '../ports/state-store.js';
import { defineRemediation } from '../units/remediation.js';
import { applyRemediation } from './apply.js';
import type { RunnerDeps } from './deps.js';
import { planRemediation } from './plan.js';
import { RETRIES_MAX, recoverRuns } from './recover.js';
import { sha256 } from './steps/kept-file.js';

describe('plan', () => {
  it('is the same for the same node, writes nothing and hides the secret', async () => {
    const node = freshNode();
    const before = snapshot(node.root);
    const [one, two] = [await planRemediation(node.deps, REQUEST), await planRemediation(node.deps, REQUEST)];
    expect(one).toEqual(two);
    expect(snapshot(node.root)).toEqual(before);
    expect(snapshot(node.stateFolder)).toEqual({});
    expect(JSON.stringify(one)).not.toContain(SECRET);
    expect(one).toMatchObject({ ok: true, value: { params: { password: { given: true } } } });
  });

  it.each([
    ['an unknown remediation', { slug: 'other', params: {} }, 'CAS_REMEDIATION_UNKNOWN'],
    ['a parameter that is missing', { slug: 'sample', params: {} }, 'CAS_PARAM_INVALID'],
    [
      'a parameter that there is not',
      { slug: 'sample', params: { password: SECRET, pasword: 'x' } },
      'CAS_PARAM_INVALID',
    ],
    ['a line break in a parameter', { slug: 'sample', params: { password: 'a\nb' } }, 'CAS_PARAM_INVALID'],
  ])('refuses %s', async (_name, request, code) => {
    expect(await planRemediation(freshNode().deps, request)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('apply', () => {
  it('does everything, verifies, and is done; twice is once', async () => {
    const node = freshNode();
    const end = await applyRemediation(node.deps, {
      ...REQUEST,
      runId: 'r1',
      planDigest: await planned(node),
    });
    expect(end).toMatchObject({ state: 'done', error: null });
    expect(snapshot(node.root)).toMatchObject(AFTER);
    expect(Object.keys(snapshot(node.root)).filter((path) => path.includes('castellan'))).toEqual([]);
    expect(node.events.map(({ index }) => index)).toEqual(node.events.map((_, i) => i + 1));
    expect(await planRemediation(node.deps, REQUEST)).toMatchObject({
      ok: false,
      error: { code: 'CAS_PLAN_EMPTY' },
    });
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: 'x' })).toMatchObject({
      error: 'CAS_COMMAND_REPLAYED',
    });
  });

  it('ends done in part where something is left to a person', async () => {
    const left = ['MOM-PERM-002: one file is outside'];
    const node = freshNode({ left });
    const planDigest = await planned(node);
    const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest });
    expect(end).toMatchObject({ state: 'doneInPart', error: null });
    expect(end.line).toContain(left[0]);
    expect(node.events.at(-1)).toMatchObject({ state: 'doneInPart', line: end.line });
    expect(snapshot(node.root)).toMatchObject(AFTER);
  });

  it('puts everything back when it cannot be verified', async () => {
    const node = freshNode({ verifies: false });
    const before = snapshot(node.root);
    const end = await applyRemediation(node.deps, {
      ...REQUEST,
      runId: 'r1',
      planDigest: await planned(node),
    });
    expect(end).toMatchObject({ state: 'rolledBack', error: 'CAS_RUN_NOT_VERIFIED' });
    expect(snapshot(node.root)).toEqual(before);
    // The service takes up the old files again.
    const restarts = node.programs.filter(
      ({ program, argv }) => program === '/etc/init.d/ecconfigd' && argv[0] === 'restart',
    );
    expect(restarts).toHaveLength(2);
  });

  it('shows the secret to the program and to nobody else', async () => {
    for (const verifies of [true, false]) {
      const node = freshNode({ verifies });
      await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: await planned(node) });
      expect(node.programs[0]).toMatchObject({ argv: ['-p', SECRET], secrets: [SECRET] });
      expect(JSON.stringify(node.events)).not.toContain(SECRET);
      expect(JSON.stringify(snapshot(node.stateFolder))).not.toContain(SECRET);
    }
  });

  it('refuses a plan that is not this one, and touches nothing', async () => {
    const node = freshNode();
    const planDigest = await planned(node);
    const before = snapshot(node.root);
    expect(
      await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: `${planDigest}x` }),
    ).toMatchObject({ state: 'stale', error: 'CAS_PLAN_STALE' });
    expect(
      await applyRemediation(
        { ...node.deps, isAuditOnly: () => true },
        { ...REQUEST, runId: 'r1', planDigest },
      ),
    ).toMatchObject({ error: 'CAS_AUDIT_ONLY' });
    expect(
      await applyRemediation({ ...node.deps, allow: [] }, { ...REQUEST, runId: 'r1', planDigest }),
    ).toMatchObject({ error: 'CAS_COMMAND_NOT_ALLOWED' });
    expect(
      await applyRemediation(
        { ...node.deps, lock: { take: () => null } },
        { ...REQUEST, runId: 'r1', planDigest },
      ),
    ).toMatchObject({ error: 'CAS_RUN_BUSY' });
    expect(snapshot(node.root)).toEqual(before);
  });

  it('refuses a run id that would lead out of the state folder', async () => {
    const node = freshNode();
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: '../x', planDigest: '' })).toMatchObject({
      error: 'CAS_INPUT_INVALID',
    });
  });

  it('touches nothing more when somebody else changed a file meanwhile', async () => {
    const node = freshNode({
      verifies: false,
      program: (request, root) => {
        if (request.program === '/etc/init.d/ecconfigd') writeFileSync(join(root, '/opt/msys/a'), 'foreign');
        return SAMPLE_PROGRAM(request, root);
      },
    });
    const end = await applyRemediation(node.deps, {
      ...REQUEST,
      runId: 'r1',
      planDigest: await planned(node),
    });
    expect(end).toMatchObject({ state: 'rollbackFailed', error: 'CAS_RUN_FOREIGN_CHANGE' });
    expect(snapshot(node.root)).toMatchObject({
      '/opt/msys/a': '100640 foreign',
      '/opt/msys/b': '100600 new b',
    });
  });

  it('takes over the lock of a process that is gone, and not that of one that lives', async () => {
    const node = freshNode();
    const planDigest = await planned(node);
    writeFileSync(join(node.stateFolder, 'run.lock'), '999999999 1\n');
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest })).toMatchObject({
      state: 'done',
    });
    const held = node.deps.lock.take();
    expect(held).not.toBeNull();
    expect(freshNode({ on: node }).deps.lock.take()).toBeNull();
    held?.release();
  });
});

describe('whatever fails', () => {
  it('the node is as before or as after, at every single effect', async () => {
    let n = 1;
    for (let isOver = false; !isOver; n += 1) {
      expect(n).toBeLessThan(EFFECTS_MAX);
      let count = 0;
      const node = freshNode({
        effect: (name) => {
          count += 1;
          if (count === n)
            throw ['append', 'replace', 'remove'].includes(name)
              ? new StateProblem(name, 'state', 'ENOSPC')
              : new Error(`refused: ${name}`);
        },
      });
      const before = snapshot(node.root);
      const planDigest = await planned(node);
      const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest });
      isOver = count < n;
      const expected = end.state === 'done' ? { ...AFTER, '/opt/msys/made': '100644 made' } : before;
      expect([n, end.state, snapshot(node.root)]).toEqual([n, end.state, expected]);
      expect(['done', 'rolledBack', 'refused']).toContain(end.state);
    }
    expect(n).toBeGreaterThan(10);
  });

  it('a kill at any effect is put right by the next start, also when that is killed too', async () => {
    let n = 1;
    for (let isOver = false; !isOver; n += 1) {
      expect(n).toBeLessThan(EFFECTS_MAX);
      const kill = killAt(n);
      // What is left to a person is known by the journal alone.
      const left = n % 2 === 0 ? ['one file is outside'] : [];
      const node = freshNode({ effect: kill.effect, left });
      const before = snapshot(node.root);
      const planDigest = await planned(node);
      await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest }).catch((error: unknown) =>
        expect(error).toBeInstanceOf(Error),
      );
      isOver = !kill.reached();
      const again = killAt(4);
      await recoverRuns(freshNode({ on: node, effect: again.effect }).deps).catch((error: unknown) =>
        expect(error).toBeInstanceOf(Error),
      );
      await recoverRuns(freshNode({ on: node }).deps);
      const now = snapshot(node.root);
      const after = { ...AFTER, '/opt/msys/made': '100644 made' };
      expect([n, now]).toEqual([n, now['/opt/msys/a'] === after['/opt/msys/a'] ? after : before]);
      if (now['/opt/msys/a'] === after['/opt/msys/a'])
        expect(node.events.at(-1)?.state).toBe(left.length > 0 ? 'doneInPart' : 'done');
      expect(JSON.stringify(node.events)).not.toContain(SECRET);
      expect(await recoverRuns(freshNode({ on: node }).deps)).toEqual([]);
      const indices = node.events.map(({ index }) => index);
      expect(indices).toEqual([...new Set(indices)]);
    }
    expect(n).toBeGreaterThan(20);
  });
});

describe('a run that could not be put back', () => {
  it('is tried again at each start, and is as before when the cause is gone', async () => {
    let isBroken = true;
    const program: FakeProgram = (request, root) =>
      request.program === '/etc/init.d/ecconfigd' && isBroken
        ? { kind: 'exited', code: 1, stdout: '', stderr: '' }
        : SAMPLE_PROGRAM(request, root);
    const node = freshNode({ program });
    const before = snapshot(node.root);
    const planDigest = await planned(node);
    const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest });
    expect(end).toMatchObject({ state: 'rollbackFailed', line: expect.stringContaining('Now: ') });
    expect(await recoverRuns(freshNode({ on: node, program }).deps)).toMatchObject([
      { state: 'rollbackFailed' },
    ]);
    isBroken = false;
    expect(await recoverRuns(freshNode({ on: node, program }).deps)).toMatchObject([{ state: 'rolledBack' }]);
    expect(snapshot(node.root)).toEqual(before);
    expect(await recoverRuns(freshNode({ on: node, program }).deps)).toEqual([]);
    const indices = node.events.map(({ index }) => index);
    expect(indices).toEqual([...new Set(indices)]);
  });

  it("is a person's after a bounded number of tries", async () => {
    const program: FakeProgram = (request, root) =>
      request.program === '/etc/init.d/ecconfigd'
        ? { kind: 'exited', code: 1, stdout: '', stderr: '' }
        : SAMPLE_PROGRAM(request, root);
    const node = freshNode({ program });
    await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: await planned(node) });
    for (let start = 1; start <= RETRIES_MAX; start += 1)
      expect(await recoverRuns(freshNode({ on: node, program }).deps)).toHaveLength(1);
    expect(await recoverRuns(freshNode({ on: node, program }).deps)).toEqual([]);
  });

  it('waits for a program of the killed run, or ends it, before it starts another', async () => {
    const node = freshNode({
      effect: (name) => {
        if (name === 'program') throw new Error('killed');
      },
    });
    const planDigest = await planned(node);
    let isRunning = true;
    const order: string[] = [];
    const journalled = freshNode({ on: node });
    const child = { pid: 4711, start: '1', bootId: 'b', program: '/etc/init.d/ecconfigd' };
    const dying: RunnerDeps = {
      ...journalled.deps,
      exec: {
        run: (request) => {
          request.started?.(child);
          return new Promise(() => undefined);
        },
      },
    };
    void applyRemediation(dying, { ...REQUEST, runId: 'r1', planDigest });
    const file = join(node.stateFolder, 'journal/r1.jsonl');
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').includes('"t":"child"'), 10_000);
    rmSync(join(node.stateFolder, 'run.lock'));
    const again = freshNode({ on: node });
    await recoverRuns({
      ...again.deps,
      clock: { now: again.deps.clock.now, sleep: () => Promise.resolve(void order.push('waited')) },
      exec: {
        run: (request) => {
          order.push(request.program);
          return again.deps.exec.run(request);
        },
        children: {
          isRunning: (one) => {
            if (order.length > 2) isRunning = false;
            return one.pid === 4711 && isRunning;
          },
          end: () => Promise.resolve(),
        },
      },
    });
    expect(order.slice(0, 3)).toEqual(['waited', 'waited', 'waited']);
    expect(node.events.map(({ line }) => line).join('\n')).toContain('(process 4711) still runs');
  });
});

describe('a key and its certificate', () => {
  const pairRemediation = (key: string, certificate: string) =>
    defineRemediation({
      slug: 'sample',
      title: 't',
      fixes: [],
      risk: '',
      reads: [],
      params: {},
      timeoutMs: 1000,
      plan: ({ look }) => {
        const access = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o600 };
        const before = (path: string) => {
          const file = look.files.capture(path);
          if (!file.ok) return { beforeSha256: null, before: null };
          const { dev, ino, uid } = file.value.stat;
          return { beforeSha256: sha256(file.value.content), before: { dev, ino, uid } };
        };
        const files = ['key', 'crt'].map((name) => ({
          path: `/opt/msys/server.${name}`,
          ...before(`/opt/msys/server.${name}`),
          content: name,
          access,
        }));
        const contents = { key: () => Buffer.from(key), crt: () => Buffer.from(certificate) };
        return {
          kind: 'draft',
          draft: {
            steps: [{ kind: 'replace-files', id: 'pair', files }],
            changes: [],
            effects: [],
            verification: [],
            notes: [],
            contents,
          },
        };
      },
      verify: () => ({ ok: true }),
    });

  it('are not replaced by two that are not of each other', async () => {
    const pair = await selfSigned({
      commonName: 'mta1.example.com',
      altNames: ['DNS:mta1.example.com', 'IP:192.0.2.1'],
      nowMs: Date.now(),
      days: 30,
    });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs1', format: 'pem' })
      .toString();
    for (const [key, state] of [
      [other, 'rolledBack'],
      [pair.keyPem, 'done'],
    ] as const) {
      const node = testNode(pairRemediation(key, pair.certificatePem));
      put(node.root, '/opt/msys/server.key', 'old key', 0o600);
      put(node.root, '/opt/msys/server.crt', 'old certificate', 0o600);
      const before = snapshot(node.root);
      const plan = await planRemediation(node.deps, { slug: 'sample', params: {} });
      const end = await applyRemediation(node.deps, {
        slug: 'sample',
        params: {},
        runId: 'r1',
        planDigest: plan.ok ? plan.value.digest : '',
      });
      expect(end.state).toBe(state);
      if (state === 'rolledBack') expect(snapshot(node.root)).toEqual(before);
    }
  });
});
