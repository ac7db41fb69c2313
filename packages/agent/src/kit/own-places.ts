import type { FileReader } from '../ports/files.js';
import { parentOf } from './access.js';

/**
 * Where Momentum keeps what is its own (Manual, install.layout and install.security). The configuration belongs to the
 * service's user, and names paths: without this bound it could have root hand over `/etc/shadow` as somebody's key.
 */
const PLACES = ['/opt/msys', '/var/ecconfigd', '/var/db/msyspg'];

/** Whether a path, links followed, is one that a remediation may change. What does not exist is judged by its folder. */
export function isOwnPlace(files: FileReader, path: string): boolean {
  const real = files.realpath(path);
  if (real.ok) return isBelow(real.value.path);
  if (real.problem !== 'missing' || files.lstat(path).ok) return false;
  const folder = files.realpath(parentOf(path));
  return folder.ok && isBelow(`${folder.value.path}/`);
}

function isBelow(path: string): boolean {
  return PLACES.some((place) => path === place || path.startsWith(`${place}/`));
}

export function ownPlaces(): string {
  return PLACES.join(', ');
}
