import { readFileSync } from 'node:fs';
import type { Ids } from '../../lay/principals.js';

/** A user of this host, whom one of Debian's packages brought. */
export function hostUser(name: string): Ids {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  if (!row) throw new Error(`this host has no user ${name}`);
  return { uid: Number(row[2]), gid: Number(row[3]) };
}
