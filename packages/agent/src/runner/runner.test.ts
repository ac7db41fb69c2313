import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../kit/self-signed.js';
import { defineRemediation } from '../kit/remediation.js';
import { StateProblem } from '../ports/state-store.js';
import { applyRemediation } from './apply.js';
import { planRemediation } from './plan.js';
import { recoverRuns } from './recover.js';
import { sha256 } from './steps/kept-file.js';
import { laySample, put, sampleRemediation, SAMPLE_PROGRAM, SECRET, snapshot, type TestNode, testNode } from './test-node.js';

const REQUEST = { slug: 'sample', params: { password: SECRET } };
const EFFECTS_MAX = 200;

async function planned(node: TestNode): Promise<string> {
  const plan = await planRemediation(node.deps, REQUEST);
  if (!plan.ok) throw plan.error;
  return plan.value.digest;
}

function freshNode(options: Parameters<typeof testNode>[1] & { readonly verifies?: boolean } = {}): TestNode {
  const node = testNode(sampleRemediation({ verifies: options.verifies ?? true }), { program: SAMPLE_PROGRAM, ...options });
  if (!options.on) laySample(node.root);
  return node;
}

const AFTER = { '/etc/a': '100640 new a', '/etc/b': '100600 new b', '/etc/c': '100600 c' };

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
    ['a parameter that there is not', { slug: 'sample', params: { password: SECRET, pasword: 'x' } }, 'CAS_PARAM_INVALID'],
    ['a line break in a parameter', { slug: 'sample', params: { password: 'a\nb' } }, 'CAS_PARAM_INVALID'],
  ])('refuses %s', async (_name, request, code) => {
    expect(await planRemediation(freshNode().deps, request)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('apply', () => {
  it('does everything, verifies, and is done; twice is once', async () => {
    const node = freshNode();
    const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: await planned(node) });
    expect(end).toMatchObject({ state: 'done', error: null });
    expect(snapshot(node.root)).toMatchObject(AFTER);
    expect(Object.keys(snapshot(node.root)).filter((path) => path.includes('castellan'))).toEqual([]);
    expect(node.events.map(({ index }) => index)).toEqual(node.events.map((_, i) => i + 1));
    expect(await planRemediation(node.deps, REQUEST)).toMatchObject({ ok: false, error: { code: 'CAS_PLAN_EMPTY' } });
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: 'x' })).toMatchObject({ error: 'CAS_COMMAND_REPLAYED' });
  });

  it('puts everything back when it cannot be verified', async () => {
    const node = freshNode({ verifies: false });
    const before = snapshot(node.root);
    const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: await planned(node) });
    expect(end).toMatchObject({ state: 'rolledBack', error: 'CAS_RUN_NOT_VERIFIED' });
    expect(snapshot(node.root)).toEqual(before);
    // The service takes up the old files again.
    expect(node.programs.filter(({ program }) => program === '/etc/init.d/ecconfigd')).toHaveLength(2);
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
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: `${planDigest}x` })).toMatchObject({ state: 'stale', error: 'CAS_PLAN_STALE' });
    expect(await applyRemediation({ ...node.deps, isAuditOnly: () => true }, { ...REQUEST, runId: 'r1', planDigest })).toMatchObject({ error: 'CAS_AUDIT_ONLY' });
    expect(await applyRemediation({ ...node.deps, allow: [] }, { ...REQUEST, runId: 'r1', planDigest })).toMatchObject({ error: 'CAS_COMMAND_NOT_ALLOWED' });
    expect(await applyRemediation({ ...node.deps, lock: { take: () => null } }, { ...REQUEST, runId: 'r1', planDigest })).toMatchObject({ error: 'CAS_RUN_BUSY' });
    expect(snapshot(node.root)).toEqual(before);
  });

  it('refuses a run id that would lead out of the state folder', async () => {
    const node = freshNode();
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: '../x', planDigest: '' })).toMatchObject({ error: 'CAS_INPUT_INVALID' });
  });

  it('touches nothing more when somebody else changed a file meanwhile', async () => {
    const node = freshNode({
      verifies: false,
      program: (request, root) => {
        if (request.program === '/etc/init.d/ecconfigd') writeFileSync(join(root, '/etc/a'), 'foreign');
        return SAMPLE_PROGRAM(request, root);
      },
    });
    const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest: await planned(node) });
    expect(end).toMatchObject({ state: 'rollbackFailed', error: 'CAS_RUN_FOREIGN_CHANGE' });
    expect(snapshot(node.root)).toMatchObject({ '/etc/a': '100640 foreign', '/etc/b': '100600 new b' });
  });

  it('takes over the lock of a process that is gone, and not that of one that lives', async () => {
    const node = freshNode();
    const planDigest = await planned(node);
    writeFileSync(join(node.stateFolder, 'run.lock'), '999999999 1\n');
    expect(await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest })).toMatchObject({ state: 'done' });
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
          if (count === n) throw ['append', 'replace', 'remove'].includes(name) ? new StateProblem(name, 'state', 'ENOSPC') : new Error(`refused: ${name}`);
        },
      });
      const before = snapshot(node.root);
      const planDigest = await planned(node);
      const end = await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest });
      isOver = count < n;
      const expected = end.state === 'done' ? { ...AFTER, '/etc/made': '100644 made' } : before;
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
      const node = freshNode({ effect: kill.effect });
      const before = snapshot(node.root);
      const planDigest = await planned(node);
      await applyRemediation(node.deps, { ...REQUEST, runId: 'r1', planDigest }).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      isOver = !kill.reached();
      const again = killAt(4);
      await recoverRuns(freshNode({ on: node, effect: again.effect }).deps).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      await recoverRuns(freshNode({ on: node }).deps);
      const now = snapshot(node.root);
      const after = { ...AFTER, '/etc/made': '100644 made' };
      expect([n, now]).toEqual([n, now['/etc/a'] === after['/etc/a'] ? after : before]);
      expect(JSON.stringify(node.events)).not.toContain(SECRET);
      expect(await recoverRuns(freshNode({ on: node }).deps)).toEqual([]);
      const indices = node.events.map(({ index }) => index);
      expect(indices).toEqual([...new Set(indices)]);
    }
    expect(n).toBeGreaterThan(20);
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
          const read = look.files.read(path);
          return read.ok ? sha256(read.value) : null;
        };
        const files = ['key', 'crt'].map((name) => ({ path: `/etc/server.${name}`, beforeSha256: before(`/etc/server.${name}`), content: name, access }));
        const contents = { key: () => Buffer.from(key), crt: () => Buffer.from(certificate) };
        return { kind: 'draft', draft: { steps: [{ kind: 'replace-files', id: 'pair', files }], changes: [], effects: [], verification: [], notes: [], contents } };
      },
      verify: () => ({ ok: true }),
    });

  it('are not replaced by two that are not of each other', async () => {
    const pair = await selfSigned({ commonName: 'mta1.example.com', altNames: ['DNS:mta1.example.com', 'IP:192.0.2.1'], nowMs: Date.now(), days: 30 });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    for (const [key, state] of [[other, 'rolledBack'], [pair.keyPem, 'done']] as const) {
      const node = testNode(pairRemediation(key, pair.certificatePem));
      put(node.root, '/etc/server.key', 'old key', 0o600);
      put(node.root, '/etc/server.crt', 'old certificate', 0o600);
      const before = snapshot(node.root);
      const plan = await planRemediation(node.deps, { slug: 'sample', params: {} });
      const end = await applyRemediation(node.deps, { slug: 'sample', params: {}, runId: 'r1', planDigest: plan.ok ? plan.value.digest : '' });
      expect(end.state).toBe(state);
      if (state === 'rolledBack') expect(snapshot(node.root)).toEqual(before);
    }
  });
});
