/** Paths as text: the language touches no disk. `/` separates, as on every system that Momentum runs on. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash) || '/';
}

export function joinPath(folder: string, name: string): string {
  return normalise(`${folder}/${name}`);
}

/** Without `.`, `//` and, where it can be undone, `..`. */
export function normalise(path: string): string {
  const parts: string[] = [];
  const isAbsolute = path.startsWith('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (!isAbsolute && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`;
}
