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

/** A path as eccfg tells it: absolute, or from the top of the working copy. */
export function pathInCopy(files: FileReader, told: string): string {
  return withoutLinks(files, told.startsWith('/') ? told : `${WORKING_COPY}/${told}`);
}

function withoutLinks(files: FileReader, path: string): string {
  const real = files.realpath(path);
  return real.ok ? real.value.path : path;
}
