import { lstatSync, type Stats } from 'node:fs';
import { strangerIn } from './descriptors/trust.js';
import type { Resolved } from './tree-paths.js';

/**
 * Why a program is not run: somebody other than root, or the agent's own user, could put another in its place. Every
 * folder on the way, every link and the program itself is asked, from the top: what only root can write in above stays
 * what it was when what is below is asked, so that nothing can be exchanged between this and the start.
 */
export function strangerOverProgram(prefix: string, { inside, links }: Resolved): string | null {
  for (const path of [...links, inside]) {
    const names = path.split('/').slice(1);
    for (const index of names.keys()) {
      const at = `/${names.slice(0, index + 1).join('/')}`;
      const stats = lstatSync(`${prefix}${at}`);
      const stranger = stats.isSymbolicLink() ? ownerOf(stats) : strangerIn(stats, []);
      if (stranger !== null)
        return stats.isDirectory()
          ? `${at} may be written in by ${stranger}`
          : `${at} may be changed by ${stranger}`;
    }
  }
  return null;
}

/** A link has no mode of its own. */
function ownerOf({ uid }: Stats): string | null {
  return uid === 0 || uid === process.geteuid?.() ? null : `user ${uid}, who owns it`;
}
