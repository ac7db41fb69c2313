import { dirname } from 'node:path';
import type { Facts } from '../../facts/facts.generated.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { foreignLink, openFolderAbove, STORE_FOLDERS } from './managed-paths.js';
import { CREDMGR } from './programs.js';

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

type Store = Pick<Facts['credentialStore'], 'database' | 'key'>;

/** The service's user names the store; credmgr, run by root, would open and write whatever that is. */
export function storeBlocker(files: FileReader, { database, key }: Store): string | null {
  for (const { path } of [database, key]) {
    if (!STORE_FOLDERS.includes(dirname(path)))
      return `${path} is not in ${STORE_FOLDERS.join(' or ')}: a person must run credmgr there`;
    const other = foreignLink(files, path) ?? openFolderAbove(files, path);
    if (other !== null)
      return `${other} could be exchanged by another user than root, so ${path} is not given to credmgr`;
  }
  return null;
}

/**
 * `get_cred` without -P names the entries and shows no password (Manual, executable.credmgr).
 * ASSUMED: one line an entry, with its host name and its facility in it.
 */
export async function storedCredentials(
  { exec, files }: { readonly exec: Exec; readonly files: FileReader },
  { database, key }: Store,
): Promise<StoredCredentials> {
  const blocker = storeBlocker(files, { database, key });
  if (blocker !== null) return { kind: 'not-listed', why: blocker };
  const argv = ['get_cred', '-d', database.path, '-k', key.path];
  const result = await exec.run({ program: CREDMGR, argv, timeoutMs: LIST_MS });
  if (result.kind !== 'exited') return { kind: 'not-listed', why: result.kind };
  const lines = result.stdout.split('\n').map((line) => new Set(line.split(/[\s=:,|]+/)));
  return {
    kind: 'listed',
    has: ({ hostname, facility }) => lines.some((words) => words.has(hostname) && words.has(facility)),
  };
}
