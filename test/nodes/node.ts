import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { type Status, type Verdict, WORST_FIRST } from '../../packages/shared/src/model/verdict.js';
import { layNode } from '../standin/dist/lay/node.js';
import type { LayOptions } from '../standin/dist/lay/options.js';
import { ECELERITY_CONF } from '../standin/dist/lay/places.js';

/** As the stand-in numbers them, when root lays it. */
export const ROOT = { uid: 0, gid: 0 };
export const ECUSER = { uid: 7100, gid: 7100 };
export const MSYSPG = { uid: 7101, gid: 7101 };
export const HTTPD_CONF = '/opt/msys/ecwebui/config/httpd.conf';
export const PG_DATA = '/var/db/msyspg';
export { ECELERITY_CONF };

interface Access {
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

/** Control ids, each with the status that its worst verdict must have; several where more than one answer is right. */
export type Expected = Readonly<Record<string, Status | readonly Status[]>>;

/** A laid node that a test spoils, and then has judged as `castellan-agent check --root` does. */
export class TestNode {
  constructor(readonly dir: string) {}

  at(path: string): string {
    return join(this.dir, path);
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** With the folders above it, which are root's 0755. Root's 0644 unless told. */
  write(path: string, content: string | Uint8Array, access: Access = {}): this {
    mkdirSync(dirname(this.at(path)), { recursive: true, mode: 0o755 });
    writeFileSync(this.at(path), content);
    return this.give(path, { uid: 0, gid: 0, mode: 0o644, ...access });
  }

  /** Keeps owner and mode. */
  edit(path: string, change: (text: string) => string): this {
    const before = this.read(path);
    const after = change(before);
    expect(after, `${path} is not changed`).not.toBe(before);
    writeFileSync(this.at(path), after);
    return this;
  }

  folder(path: string, access: Access = {}): this {
    mkdirSync(this.at(path), { recursive: true, mode: 0o755 });
    return this.give(path, { uid: 0, gid: 0, mode: 0o755, ...access });
  }

  link(path: string, target: string): this {
    mkdirSync(dirname(this.at(path)), { recursive: true, mode: 0o755 });
    symlinkSync(target, this.at(path));
    return this;
  }

  /** A Unix socket that nobody listens at. */
  socket(path: string, access: Access): this {
    mkdirSync(dirname(this.at(path)), { recursive: true, mode: 0o755 });
    const bind = 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])';
    execFileSync('python3', ['-c', bind, basename(path)], { cwd: dirname(this.at(path)) });
    return this.give(path, access);
  }

  remove(path: string): this {
    rmSync(this.at(path), { recursive: true });
    return this;
  }

  give(path: string, { uid, gid, mode }: Access): this {
    if (uid !== undefined || gid !== undefined) chownSync(this.at(path), uid ?? -1, gid ?? -1);
    if (mode !== undefined) chmodSync(this.at(path), mode);
    return this;
  }

  /** As setfacl takes it: `u:7100:r`, `d:g:50:rwx`. */
  acl(path: string, ...entries: readonly string[]): this {
    execFileSync('setfacl', ['-m', entries.join(','), this.at(path)]);
    return this;
  }

  /** The verdicts of a tree that is only read; `only`: of these controls. */
  async verdicts(only?: readonly string[], momentum = '3.6.6'): Promise<readonly Verdict[]> {
    const { report } = await scanOnce({
      ports: nodePorts(this.dir, { live: false, probe: false }),
      settings: { nodeName: null, assumeMomentum: momentum, probe: false, live: false },
      ...(only ? { only } : {}),
      signal: new AbortController().signal,
    });
    return report.verdicts;
  }

  /** Judges, and compares the worst verdict of each named control. */
  async says(expected: Expected, momentum?: string): Promise<readonly Verdict[]> {
    const verdicts = await this.verdicts(Object.keys(expected), momentum);
    for (const [control, wanted] of Object.entries(expected)) {
      const own = verdicts.filter((verdict) => verdict.control === control);
      const told = own.map(({ subject, status, summary, reason, violations }) =>
        JSON.stringify({ subject, status, summary, reason, violations }),
      );
      expect([wanted].flat(), `${control}:\n${told.join('\n')}`).toContain(worstOf(own));
    }
    return verdicts;
  }
}

export function worstOf(verdicts: readonly Verdict[]): Status | undefined {
  return WORST_FIRST.find((status) => verdicts.some((verdict) => verdict.status === status));
}

/** Where a control's verdicts fail: `file:line`. */
export function placesOf(verdicts: readonly Verdict[], control: string): string[] {
  return verdicts
    .filter((verdict) => verdict.control === control && verdict.status === 'fail')
    .flatMap(({ violations }) =>
      violations.map(
        ({ at }) => `${at.file ?? at.object ?? at.scope}${at.line === undefined ? '' : `:${at.line}`}`,
      ),
    );
}

/**
 * Nodes for the tests of one file: laid once (Momentum 3.6.6, a single node, everything in order), copied for each.
 * Only root can lay a node whose files belong to several users.
 */
export function laidNodes(options: Partial<LayOptions> = {}): () => TestNode {
  let folder = '';
  let count = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-nodes-'));
    chmodSync(folder, 0o755);
    await layNode(join(folder, 'laid'), { name: 'mta1.example.com', ...options });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    count += 1;
    const dir = join(folder, `node-${count}`);
    // The copy keeps owners, modes and ACLs.
    execFileSync('cp', ['-a', join(folder, 'laid'), dir]);
    return new TestNode(dir);
  };
}
