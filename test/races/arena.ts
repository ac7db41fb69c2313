import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { nodeFileWriter } from '../../packages/agent/src/adapters/node-file-writer.js';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { FileReader } from '../../packages/agent/src/ports/files.js';
import { applyRemediation } from '../../packages/agent/src/runner/apply.js';
import type { RunnerDeps } from '../../packages/agent/src/runner/deps.js';
import { planRemediation } from '../../packages/agent/src/runner/plan.js';
import type { RunEnd } from '../../packages/agent/src/runner/rollback.js';
import { defineRemediation } from '../../packages/agent/src/units/remediation.js';
import type { Step } from '../../packages/agent/src/units/step.js';
import { playedDeps } from '../../packages/agent/testing/sample-run.js';

export const ECUSER = 7100;
/** How the agent reads and changes the arena. */
export interface Means extends Pick<RunnerDeps, 'files' | 'writer' | 'state' | 'lock'> {
  close(): Promise<void>;
}
export const SECRET = 'roots-own-canary-5TZ';
/** A folder of the service's user, in which everything happens. */
export const PLACE = '/opt/msys/ecelerity/etc/conf/default';

/** A tree whose configuration belongs to a user that attacks, and files of root's that it wants. */
export class Arena {
  readonly root = mkdtempSync(join(tmpdir(), 'castellan-races-'));
  readonly state = mkdtempSync(join(tmpdir(), 'castellan-races-state-'));
  /** To see afterwards what is there. */
  readonly here = nodeFiles(this.root);
  /** On the node itself, unless it is told otherwise. */
  means: Means = {
    files: this.here,
    writer: nodeFileWriter(this.root),
    state: nodeStateStore(this.state),
    lock: nodeRunLock(join(this.state, 'run.lock')),
    close: () => Promise.resolve(),
  };
  #runs = 0;

  constructor() {
    chmodSync(this.root, 0o755);
    this.put('/etc/passwd', `root:x:0:0::/:/bin/sh\necuser:x:${ECUSER}:${ECUSER}::/:/bin/false\n`, 0, 0o644);
    this.put('/etc/shadow', SECRET, 0, 0o600);
    this.put('/etc/private/secret', SECRET, 0, 0o600);
    this.put(`${PLACE}/target`, 'the service’s own', ECUSER, 0o640);
    for (const folder of [PLACE, dirname(PLACE)]) chownSync(this.at(folder), ECUSER, ECUSER);
  }

  get files(): FileReader {
    return this.means.files;
  }

  remove(): void {
    for (const folder of [this.root, this.state]) rmSync(folder, { recursive: true });
  }

  at(path: string): string {
    return join(this.root, path);
  }

  own(path: string): void {
    chownSync(this.at(path), ECUSER, ECUSER);
  }

  put(path: string, content: string, uid: number, mode: number): void {
    mkdirSync(dirname(this.at(path)), { recursive: true, mode: 0o755 });
    writeFileSync(this.at(path), content);
    chownSync(this.at(path), uid, uid);
    chmodSync(this.at(path), mode);
  }

  /** Links lead to the same inside the tree and on this host. What waits under the second name: the attacker exchanges it with the first. */
  trap(kind: TrapKind, path: string): void {
    const at = this.at(path);
    rmSync(at, { recursive: true, force: true });
    if (kind === 'symlink') symlinkSync(relative(dirname(at), this.at('/etc/shadow')), at);
    // Links to files of others could be made before Linux 3.6, and can where protected_hardlinks is 0.
    if (kind === 'hard link') linkSync(this.at('/etc/shadow'), at);
    // Root's own, in a folder of the service's: it cannot be read there, and can be renamed.
    if (kind === 'root’s file') this.put(path, SECRET, 0, 0o600);
    if (kind === 'own file') this.put(path, 'another of the service’s own', ECUSER, 0o604);
    if (kind === 'folder link') symlinkSync(relative(dirname(at), this.at('/etc/private')), at);
  }

  /** Root's files as they should be, and what is not. */
  rootsFiles(): string {
    return ['/etc/shadow', '/etc/private/secret']
      .map((path) => {
        const { uid, gid, mode } = lstatSync(this.at(path));
        return `${path} ${uid}:${gid} ${(mode & 0o7777).toString(8)} ${readFileSync(this.at(path), 'utf8')}`;
      })
      .join('\n');
  }

  /** One run of one step, by the agent's own runner. */
  async apply(make: () => readonly Step[] | null, content: string, fails: boolean): Promise<RunEnd | null> {
    this.#runs += 1;
    const remediation = defineRemediation({
      slug: 'race',
      title: 'race',
      fixes: [],
      risk: '',
      reads: [],
      params: {},
      timeoutMs: 60_000,
      plan: () => {
        const steps = make();
        return steps === null
          ? { kind: 'refused', code: 'CAS_PLAN_REFUSED', why: 'the plan saw the trap' }
          : {
              kind: 'draft',
              draft: {
                steps,
                changes: [],
                effects: [],
                verification: [],
                notes: [],
                contents: { new: () => Buffer.from(content) },
              },
            };
      },
      verify: () => (fails ? { ok: false, why: 'it is to be put back' } : { ok: true }),
    });
    const deps: RunnerDeps = {
      ...this.means,
      exec: { run: () => Promise.resolve({ kind: 'exited', code: 0, stdout: '', stderr: '' }) },
      ...playedDeps(remediation),
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      onEvent: () => undefined,
    };
    const planned = await planRemediation(deps, { slug: 'race', params: {} });
    if (!planned.ok) return null;
    const runId = `run-${this.#runs}`;
    return applyRemediation(deps, { slug: 'race', params: {}, runId, planDigest: planned.value.digest });
  }
}

export type TrapKind = 'symlink' | 'hard link' | 'own file' | 'root’s file' | 'folder link';

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
