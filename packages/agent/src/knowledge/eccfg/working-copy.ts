import type { FileReader } from '../../ports/files.js';

/** Where the configuration is checked out of ecconfigd's repository (Manual, cluster.config.management). */
export const WORKING_COPY = '/opt/msys/ecelerity/etc/conf';

/** Subversion 1.7 keeps one .svn at the top; before, each folder had its own. eccfg checks out each subcluster. */
export function isWorkingCopy(files: FileReader): boolean {
  const names = files.list(WORKING_COPY);
  const folders = ['', ...(names.ok ? names.value.map((name) => `/${name}`) : [])];
  return folders.some((folder) => files.stat(`${WORKING_COPY}${folder}/.svn`).ok);
}

/** Whether a path, links followed, stands in the working copy. */
export function isVersioned(files: FileReader, path: string): boolean {
  return withoutLinks(files, path).startsWith(`${withoutLinks(files, WORKING_COPY)}/`);
}

/**
 * Paths as eccfg tells them: absolute, or from the top of the working copy; given without links on the way. The last
 * name is the copy's own. Each folder is asked once, however many names eccfg tells in it.
 */
export function pathsInCopy(files: FileReader): (told: string) => string {
  const folders = new Map<string, string>();
  return (told) => {
    const path = told.startsWith('/') ? told : `${WORKING_COPY}/${told}`;
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, end) || '/';
    const real = folders.get(folder) ?? withoutLinks(files, folder);
    folders.set(folder, real);
    return `${real === '/' ? '' : real}${path.slice(end)}`;
  };
}

function withoutLinks(files: FileReader, path: string): string {
  const real = files.realpath(path);
  return real.ok ? real.value.path : path;
}
