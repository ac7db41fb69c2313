import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CREDENTIALS_DB, CREDENTIALS_KEY, REPOSITORY } from '../lay/places.js';
import { SERVICE_PASSWORD } from '../lay/texts/ecelerity-conf.js';
import type { Tree } from '../lay/tree.js';
import { CredentialStore } from './credential-store.js';
import { hostPath, lstatIfThere } from './tree-paths.js';

/** Manual, install.options: the repository's users, and the realm that their digests are made with. */
export const DIGEST_FILE = `${REPOSITORY}/svn-auth.htdigest`;
export const REALM = 'ecconfigd repo';
/** The web console's administrator of every stand-in node. */
export const ADMIN_PASSWORD = 'planted-Admin-pa55';

export interface Login {
  readonly username: string;
  readonly password: string;
}

function digestLine({ username, password }: Login): string {
  return `${username}:${REALM}:${createHash('md5').update(`${username}:${REALM}:${password}`).digest('hex')}`;
}

export function layRepositoryUsers(tree: Tree): void {
  const users = [
    { username: 'admin', password: ADMIN_PASSWORD },
    { username: 'ecuser', password: SERVICE_PASSWORD },
  ];
  tree.file(DIGEST_FILE, `${users.map(digestLine).join('\n')}\n`, { owner: 'ecuser', mode: 0o640 });
}

export function isKnown(tree: Tree, login: Login): boolean {
  return readFileSync(tree.at(DIGEST_FILE), 'utf8').split('\n').includes(digestLine(login));
}

/** Manual, modules.securecreds: eccfg uses the credential store; executable.credmgr: entry ecuser at ecconfigd. */
export async function storedLogin(tree: Tree): Promise<Login | null> {
  if (lstatIfThere(hostPath(tree.dir, CREDENTIALS_DB)) === null) return null;
  const entries = await new CredentialStore(tree, { database: CREDENTIALS_DB, key: CREDENTIALS_KEY }).list();
  const entry = entries.find(
    ({ username, hostname, facility }) =>
      username === 'ecuser' && hostname === 'ecconfigd' && facility === 'eccfg',
  );
  return entry ? { username: entry.username, password: entry.password } : null;
}
