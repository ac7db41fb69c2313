import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '@castellan/momentum';
import { nodeFiles } from '../src/adapters/node-files.js';
import type { Facts } from '../src/facts/facts.generated.js';
import type { ExecRequest, ExecResult } from '../src/ports/exec.js';
import type {
  Draft,
  ParamReader,
  PlanContext,
  Planned,
  Remediation,
  VerifyContext,
} from '../src/units/remediation.js';
import { caseMomentumConfig } from './cases/config.js';
import { noNet } from './no-net.js';

export const PASSWORD = 'planted-canary-7QX';
export const CONF = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
export const ECDB = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
export const UID = process.getuid?.() ?? 0;
export const GID = process.getgid?.() ?? 0;
export const ME = { name: 'ecuser', uid: UID, gid: GID, groups: [GID] };

/** A place of the web UI's key, and a key: what is none is left alone. */
export const KEY = '/opt/msys/ecwebui/config/site/server.key';
export const KEY_PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

export function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'castellan-remediation-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), 0o640);
  }
  return root;
}

export interface Given {
  readonly root: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly exec?: (request: ExecRequest) => ExecResult;
}

export function contextOf({
  root,
  facts,
  params = {},
  exec = () => ({ kind: 'unstarted', problem: 'forbidden', detail: '' }),
}: Given): PlanContext {
  const reader: ParamReader = {
    text: (name) => params[name] ?? null,
    given: (name) => name in params,
    reveal: (name) => params[name] ?? '',
  };
  return {
    // Each remediation is given the facts that it reads.
    facts: facts as unknown as Facts,
    params: reader,
    isOwnEdit: () => false,
    pastRun: () => ({ problem: 'there was no run' }),
    look: {
      files: nodeFiles(root),
      exec: { run: (request) => Promise.resolve(exec(request)) },
      net: noNet(),
      processes: { under: () => null },
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
      settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    },
  };
}

export function plan(remediation: unknown, given: Given): Promise<Planned> {
  return Promise.resolve((remediation as Remediation).plan(contextOf(given)));
}

export function verify(remediation: unknown, given: Given, over: Partial<VerifyContext> = {}) {
  const context: VerifyContext = {
    ...contextOf(given),
    recheck: () => Promise.resolve({ status: 'pass', summary: '' }),
    madeSha256: () => null,
    madeFingerprint: () => null,
    note: () => undefined,
    ...over,
  };
  return (remediation as Remediation).verify(context);
}

export async function draft(remediation: unknown, given: Given): Promise<Draft> {
  const planned = await plan(remediation, given);
  if (planned.kind !== 'draft') throw new Error(`${planned.kind}: ${planned.why}`);
  return planned.draft;
}

export function momentumConfig(root: string): Facts['momentumConfig'] {
  const files = nodeFiles(root);
  const config = loadConfig(
    {
      read(path) {
        const read = files.read(path);
        return read.ok
          ? { ok: true, text: read.value.toString() }
          : { ok: false, problem: read.problem, detail: read.detail };
      },
      list(path) {
        const names = files.list(path);
        return names.ok ? names.value : null;
      },
    },
    CONF,
  );
  return { ...caseMomentumConfig(config, CONF), unread: [] };
}

export async function contentOf(from: Draft, name: string): Promise<string> {
  return Buffer.from((await from.contents[name]?.()) ?? []).toString();
}
