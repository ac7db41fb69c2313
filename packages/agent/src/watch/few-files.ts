import { join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FewFilesOptions {
  /** By folder on the host: the names in it that are watched by themselves; its other entries only through the folder. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  /** A path on the host at which something happened. */
  changed(path: string): void;
  failed(error: unknown): void;
}

/** chokidar on folders, each one level deep. Resolves when every watch is in place. */
export async function watchFewFiles({ folders, changed, failed }: FewFilesOptions): Promise<FSWatcher> {
  const wanted = new Set<string>();
  for (const [folder, names] of folders) {
    wanted.add(folder);
    for (const name of names) wanted.add(join(folder, name));
  }
  const watcher = watch([...folders.keys()], {
    // The folder's own events tell of every name; a watch for each would be one inotify watch a file.
    ignored: (path) => !wanted.has(path),
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    atomic: false,
    awaitWriteFinish: false,
    alwaysStat: false,
  });
  watcher.on('all', (_event, path) => {
    if (!folders.has(path)) changed(path);
  });
  // chokidar keeps quiet about a change of mode or owner where the access time is newer: the raw event does not.
  watcher.on('raw', (_event, name, details: unknown) => {
    const watched = (details as { watchedPath?: unknown } | undefined)?.watchedPath;
    if (typeof watched !== 'string') return;
    // A folder is told only when nothing says which name of it: everything below it would count as changed.
    changed(typeof name === 'string' && name !== '' && folders.has(watched) ? join(watched, name) : watched);
  });
  watcher.on('error', failed);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return watcher;
}
