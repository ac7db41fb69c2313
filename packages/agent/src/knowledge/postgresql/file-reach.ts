import type { FileReach } from '../../facts/parts/file-reach.js';
import type { FileReader } from '../../ports/files.js';
import type { PrincipalIds } from '../permissions/passwd.js';
import { PathAccess } from '../permissions/path-access.js';

/** Whether the user that PostgreSQL runs as can read the file. Of a file that is not there others tell. */
export function reachOf(
  files: FileReader,
  path: string,
  user: PrincipalIds | null,
  userName: string,
): FileReach {
  if (user === null) return { kind: 'unknown', problem: `there is no user ${userName} in etc/passwd` };
  const reach = new PathAccess(files, user).check(path, 'read');
  switch (reach.kind) {
    case 'granted':
      return { kind: 'readable' };
    case 'denied':
      return { kind: 'denied', path: reach.path, access: reach.access };
    case 'unknown':
      return { kind: 'unknown', problem: reach.problem };
  }
}
