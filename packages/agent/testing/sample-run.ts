import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunEvent } from '@castellan/shared/model/run';
import { nodeFileWriter } from '../src/adapters/node-file-writer.js';
import { nodeFiles } from '../src/adapters/node-files.js';
import { nodeRunLock } from '../src/adapters/node-run-lock.js';
import { nodeStateStore } from '../src/adapters/node-state-store.js';
import type { Facts } from '../src/facts/facts.generated.js';
import type { ExecRequest, ExecResult } from '../src/ports/exec.js';
import type { RunnerDeps } from '../src/runner/deps.js';
import { planRemediation } from '../src/runner/plan.js';
import { sha256 } from '../src/runner/steps/kept-file.js';
import { defineRemediation, type Remediation } from '../src/units/remediation.js';
import type { Step } from '../src/units/step.js';
import { STATE_EFFECTS, WRITE_EFFECTS } from './effects.js';
import { noNet } from './no-net.js';

export const SECRET = 'planted-canary-7QX';

export interface TestNode {
  readonly root: string;
  readonly stateFolder: string;
  readonly events: RunEvent[];
  readonly programs: ExecRequest[];
  readonly deps: RunnerDeps;
}

export type FakeProgram = (request: ExecRequest, root: string) => ExecResult;

export const EXITED_WELL: ExecResult = { kind: 'exited', code: 0, stdout: '', stderr: '' };

/** A real tree and a real state folder; only programs are played. `effect` is called before each change of the disk. */
export function testNode(
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
    writer: counted(nodeFileWriter(root), WRITE_EFFECTS),
    state: counted(nodeStateStore(stateFolder), STATE_EFFECTS),
    lock: nodeRunLock(join(stateFolder, 'run.lock')),
    exec: {
      run: (request) => {
        options.effect?.('program');
        programs.push(request);
        return Promise.resolve(options.program?.(request, root) ?? EXITED_WELL);
      },
    },
    ...playedDeps(remediation),
    clock: { now: () => 1_700_000_000_000, sleep: () => Promise.resolve() },
    onEvent: (event) => events.push(event),
  };
  return { root, stateFolder, events, programs, deps };
}

export function put(root: string, path: string, content: string, mode = 0o640): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), mode);
}

/** Everything below a folder: path, mode, content. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
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
export function sampleRemediation(
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
export const SAMPLE_PROGRAM: FakeProgram = (request, root) => {
  if (request.program === '/bin/make-it') writeFileSync(join(root, '/opt/msys/made'), 'made');
  return EXITED_WELL;
};

export function laySample(root: string): void {
  put(root, '/opt/msys/a', 'old a', 0o640);
  put(root, '/opt/msys/b', `password=${SECRET}`, 0o600);
  put(root, '/opt/msys/c', 'c', 0o644);
}

export const REQUEST = { slug: 'sample', params: { password: SECRET } };
export const EFFECTS_MAX = 200;

export async function planned(node: TestNode): Promise<string> {
  const plan = await planRemediation(node.deps, REQUEST);
  if (!plan.ok) throw plan.error;
  return plan.value.digest;
}

export function freshNode(
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

export const AFTER = {
  '/opt/msys/a': '100640 new a',
  '/opt/msys/b': '100600 new b',
  '/opt/msys/c': '100600 c',
};

export class Killed extends Error {}

/** From the n-th effect on nothing reaches the disk any more, as after a kill. */
export function killAt(n: number): { readonly effect: () => void; readonly reached: () => boolean } {
  let count = 0;
  return {
    effect() {
      count += 1;
      if (count >= n) throw new Killed(`killed at effect ${n}`);
    },
    reached: () => count >= n,
  };
}

/** What one remediation needs beside files, state and programs: nothing is inspected, and it is verified at once. */
export function playedDeps(remediation: Remediation) {
  return {
    net: noNet(),
    processes: { under: () => null },
    signal: new AbortController().signal,
    settings: { nodeName: null, assumeMomentum: null, probe: false, live: true },
    remediations: [remediation],
    collect: () => Promise.resolve({} as Facts),
    inspect: () => ({
      collect: () => Promise.resolve({} as Facts),
      recheck: () => Promise.resolve({ status: 'pass', summary: '' } as const),
    }),
    allow: null,
    isAuditOnly: () => false,
  };
}
