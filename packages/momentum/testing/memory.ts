import type { Loader } from '../src/files/loader.js';

/** Files by path; a value that is no text is why the file cannot be read. Folders are what the paths make of them. */
export type Files = Readonly<Record<string, string | { readonly problem: string }>>;

/** A loader of files in memory, and what it was asked to read. */
export function memory(files: Files): Loader & { readonly reads: readonly string[] } {
  const reads: string[] = [];
  const paths = new Map(Object.entries(files));
  const folders = new Map<string, Set<string>>();
  for (const path of paths.keys()) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      const names = folders.get(folder) ?? new Set<string>();
      folders.set(folder, names.add(parts[depth] ?? ''));
    }
  }
  return {
    reads,
    read(path) {
      reads.push(path);
      const file = paths.get(path);
      if (file === undefined) return { ok: false, problem: 'missing', detail: `${path} is not there` };
      return typeof file === 'string'
        ? { ok: true, text: file }
        : { ok: false, problem: file.problem, detail: `${path}: ${file.problem}` };
    },
    // The order of a folder is the system's: the last name comes first here.
    list: (path) => listed(folders.get(path)),
  };
}

function listed(names: ReadonlySet<string> | undefined): readonly string[] | null {
  return names ? [...names].reverse() : null;
}
