import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunEvent } from '@castellan/shared/model/run';
import { describe, expect, it, vi } from 'vitest';
import { noNet } from '../../testing/no-net.js';
import { nodeFileWriter } from '../adapters/node-file-writer.js';
import { nodeFiles } from '../adapters/node-files.js';
import { nodeRunLock } from '../adapters/node-run-lock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import type { Facts } from '../facts/facts.generated.js';
import { selfSigned } from '../knowledge/certificates/self-signed.js';
import type { ExecRequest, ExecResult } from '../ports/exec.js';
import { StateProblem } from '../ports/state-store.js';
import { defineRemediation, type Remediation } from '../units/remediation.js';
import type { Step } from '../units/step.js';
import { applyRemediation } from './apply.js';
import type { RunnerDeps } from './deps.js';
import { planRemediation } from './plan.js';
import { RETRIES_MAX, recoverRuns } from './recover.js';
import { sha256 } from './steps/kept-file.js';

const SECRET = 'planted-canary-7QX';

interface TestNode {
  readonly root: string;
  readonly stateFolder: string;
  readonly events: RunEvent[];
  readonly programs: ExecRequest[];
  readonly deps: RunnerDeps;
}

type FakeProgram = (request: ExecRequest, root: string) => ExecResult;

const EXITED_WELL: ExecResult = { kind: 'exited', code: 0, stdout: '', stderr: '' };

/** A real tree and a real state folder; only programs are played. `effect` is called before each change of the disk. */
function testNode(
  remediation: Remediation,
  options: {
    readonly program?: FakeProgram;
    readonly effect?: (name: string) => void;
    readonly on?: TestNode;
  } = {},
): TestNode {
  const root = options.on?.root ?? mkdtempSync(join(tmpdir(), 'castellan-run-'));
  const stateFolder = options.on?.stateFolder ?? mkdtempSync(join(tmpdir(), 'castellan-state-'));
  const events = options.on?.events ?? [];
  const programs: ExecRequest[] = [];
  const counted = <T extends object>(port: T, names: readonly string[]): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || !names.includes(String(name))) return member;
        return (...args: unknown[]): unknown => {
          options.effect?.(String(name));
          return Reflect.apply(member, target, args);
        };
      },
    });
  const deps: RunnerDeps = {
    files: nodeFiles(root),
    writer: counted(nodeFileWriter(root), [
      'createExclusive',
      'rename',
      'unlink',
      'mkdir',
      'rmdir',
      'chmod',
      'chown',
      'syncDirectory',
    ]),
    state: counted(nodeStateStore(stateFolder), ['append', 'replace', 'remove']),
    lock: nodeRunLock(join(stateFolder, 'run.lock')),
    exec: {
      run: (request) => {
        options.effect?.('program');
        programs.push(request);
        return Promise.resolve(options.program?.(request, root) ?? EXITED_WELL);
      },
    },
    net: noNet(),
    processes: { under: () => null },
    clock: { now: () => 1_700_000_000_000, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    settings: { nodeName: null, assumeMomentum: null, probe: false, live: true },
    remediations: [remediation],
    collect: () => Promise.resolve({} as Facts),
    inspect: () => ({
      collect: () => Promise.resolve({} as Facts),
      recheck: () => Promise.resolve({ status: 'pass', summary: '' }),
    }),
    allow: null,
    isAuditOnly: () => false,
    onEvent: (event) => events.push(event),
  };
  return { root, stateFolder, events, programs, deps };
}

function put(root: string, path: string, content: string, mode = 0o640): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), mode);
}

/** Everything below a folder: path, mode, content. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      const stat = statSync(child);
      if (stat.isDirectory()) walk(child);
      else found[child.slice(folder.length)] = `${stat.mode.toString(8)} ${readFileSync(child, 'latin1')}`;
    }
  };
  walk(folder);
  return found;
}

/** Replaces `/opt/msys/a` and `/opt/msys/b` together, closes `/opt/msys/c`, runs a program that makes `/opt/msys/made`, restarts a service. */
function sampleRemediation(
  outcome: { readonly verifies: boolean; readonly left?: readonly string[] } = { verifies: true },
): Remediation {
  return defineRemediation({
    slug: 'sample',
    title: 'A sample',
    fixes: [],
    risk: 'none',
    reads: [],
    params: { password: { kind: 'secret', required: true, text: 'any' } },
    timeoutMs: 60_000,
    plan({ look, params }) {
      const read = (path: string) => {
        const found = look.files.read(path);
        const stat = look.files.stat(path);
        if (!found.ok || !stat.ok) throw new Error(`${path} is missing`);
        return {
          bytes: found.value,
          access: { uid: stat.value.uid, gid: stat.value.gid, mode: stat.value.mode },
          identity: { dev: stat.value.dev, ino: stat.value.ino, uid: stat.value.uid },
        };
      };
      if (read('/opt/msys/a').bytes.toString() === 'new a') return { kind: 'nothing', why: 'it is done' };
      const { access: c, identity } = read('/opt/msys/c');
      const steps: Step[] = [
        {
          kind: 'program',
          id: 'make',
          program: '/bin/make-it',
          argv: ['-p', { secret: 'password' }],
          timeoutMs: 1000,
          expect: { exitCode: 0 },
          creates: ['/opt/msys/made'],
        },
        {
          kind: 'replace-files',
          id: 'a and b',
          secretBackup: true,
          files: ['a', 'b'].map((name) => ({
            path: `/opt/msys/${name}`,
            beforeSha256: sha256(read(`/opt/msys/${name}`).bytes),
            before: read(`/opt/msys/${name}`).identity,
            content: name,
            access: read(`/opt/msys/${name}`).access,
          })),
        },
        {
          kind: 'set-access',
          id: 'close c',
          entries: [{ path: '/opt/msys/c', identity, before: c, after: { ...c, mode: 0o600 } }],
        },
        { kind: 'service', id: 'restart', service: 'ecconfigd', action: 'restart' },
      ];
      const change = {
        kind: 'file' as const,
        target: '/opt/msys/a',
        summary: `never ${params.reveal('password')}`,
        before: null,
        after: null,
      };
      return {
        kind: 'draft',
        draft: {
          steps,
          changes: [change],
          effects: [],
          verification: [],
          notes: [],
          contents: { a: () => Buffer.from('new a'), b: () => Buffer.from('new b') },
        },
      };
    },
    verify: ({ params, note }) => {
      note(`saw ${params.reveal('password')}`);
      return outcome.verifies
        ? { ok: true, left: outcome.left ?? [] }
        : { ok: false, why: `not good, ${params.reveal('password')}` };
    },
  });
}

/** The program of the sample; the init script says nothing. */
const SAMPLE_PROGRAM: FakeProgram = (request, root) => {
  if (request.program === '/bin/make-it') writeFileSync(join(root, '/opt/msys/made'), 'made');
  return EXITED_WELL;
};

function laySample(root: string): void {
  put(root, '/opt/msys/a', 'old a', 0o640);
  put(root, '/opt/msys/b', `password=${SECRET}`, 0o600);
  put(root, '/opt/msys/c', 'c', 0o644);
}

const REQUEST = { slug: 'sample', params: { password: SECRET } };
const EFFECTS_MAX = 200;

async function planned(node: TestNode): Promise<string> {
  const plan = await planRemediation(node.deps, REQUEST);
  if (!plan.ok) throw plan.error;
  return plan.value.digest;
}

function freshNode(
  options: Parameters<typeof testNode>[1] & {
    readonly verifies?: boolean;
    readonly left?: readonly string[];
  } = {},
): TestNode {
  const { verifies = true, left = [] } = options;
  const node = testNode(sampleRemediation({ verifies, left }), {
    program: SAMPLE_PROGRAM,
    ...options,
  });
  if (!options.on) laySample(node.root);
  return node;
}

const AFTER = { '/opt/msys/a': '100640 new a', '/opt/msys/b': '100600 new b', '/opt/msys/c': '100600 c' };

class Killed extends Error {}

/** From the n-th effect on nothing reaches the disk any more, as after a kill. */
function killAt(n: number): { readonly effect: () => void; readonly reached: () => boolean } {
  let count = 0;
  return {
    effect() {
      count += 1;
      if (count >= n) throw new Killed(`killed at effect ${n}`);
    },
    reached: () => count >= n,
  };
}

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
