import type { Exec } from '../ports/exec.js';
import type { Facts } from './fact.js';
import { CREDMGR } from './services.js';

const LIST_MS = 30_000;

export interface CredentialEntry {
  readonly hostname: string;
  readonly facility: string;
}

/** Manual, executable.credmgr: what eccfg logs in to the repository with. */
export const ECCFG_ENTRY: CredentialEntry = { hostname: 'ecconfigd', facility: 'eccfg' };

export type StoredCredentials =
  | { readonly kind: 'listed'; has(entry: CredentialEntry): boolean }
  | { readonly kind: 'not-listed'; readonly why: string };

/**
 * `get_cred` without -P names the entries and shows no password (Manual, executable.credmgr).
 * ASSUMED: one line an entry, with its host name and its facility in it.
 */
export async function storedCredentials(
  { exec }: { readonly exec: Exec },
  { database, key }: Pick<Facts['credentialStore'], 'database' | 'key'>,
): Promise<StoredCredentials> {
  const argv = ['get_cred', '-d', database.path, '-k', key.path];
  const result = await exec.run({ program: CREDMGR, argv, timeoutMs: LIST_MS });
  if (result.kind !== 'exited') return { kind: 'not-listed', why: result.kind };
  const lines = result.stdout.split('\n').map((line) => new Set(line.split(/[\s=:,|]+/)));
  return {
    kind: 'listed',
    has: ({ hostname, facility }) => lines.some((words) => words.has(hostname) && words.has(facility)),
  };
}
