import type { CollectDeps } from '../src/engine/collect.js';
import type { FileReader, FileResult } from '../src/ports/files.js';
import type { Control } from '../src/units/control.js';
import type { Collector } from '../src/units/fact.js';

export const missing = (path: string): FileResult<never> => ({ ok: false, problem: 'missing', detail: path });

/** Files that know two links: /link -> /real, and /gone -> /nowhere. */
export const files: FileReader = {
  read: (path) =>
    path === '/link/a' || path === '/real/a' ? { ok: true, value: Buffer.from('a') } : missing(path),
  capture: missing,
  stat: missing,
  lstat: missing,
  list: () => ({ ok: true, value: [] }),
  readlink: (path) => (path === '/gone' ? { ok: true, value: '/nowhere' } : missing(path)),
  realpath: (path) => {
    if (path === '/gone' || path === '/absent') return missing(path);
    return path.startsWith('/link')
      ? { ok: true, value: { path: path.replace('/link', '/real'), links: ['/link'] } }
      : { ok: true, value: { path, links: [] } };
  },
  acl: () => ({ ok: true, value: null }),
  acls: () => Promise.resolve({ ok: true, value: new Map() }),
  walk: () => Promise.resolve({ entriesSeen: 0, isTruncated: false }),
};

/** A clock whose sleeps never end by themselves, unless it is told how long they take. */
export function clock(sleepEnds = false): CollectDeps['clock'] {
  let now = 1_000_000;
  return {
    now: () => (now += 1),
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        if (sleepEnds) resolve();
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  };
}

export function collector(name: string, needs: string[], collect: Collector['collect']): Collector {
  return { name, needs, title: name, timeoutMs: 10, evidence: 'files', collect } as unknown as Collector;
}

export function deps(collectors: Collector[], sleepEnds = false): CollectDeps {
  const unused = {} as never;
  return {
    collectors,
    files,
    exec: unused,
    net: unused,
    processes: unused,
    clock: clock(sleepEnds),
    settings: unused,
    signal: new AbortController().signal,
  };
}

export function control(over: Partial<Record<keyof Control, unknown>>): Control {
  return {
    id: 'MOM-TST-001',
    slug: 'x',
    title: 'X',
    severity: 'high',
    subject: 'x',
    reads: ['a'],
    sources: [{ cite: 'manual', url: 'https://example.com' }],
    remediation: null,
    params: {},
    evaluate: () => ({ status: 'pass', summary: 'fine' }),
    ...over,
  } as unknown as Control;
}

export const all = (collectors: readonly Collector[]) => new Set<string>(collectors.map((c) => c.name));
