import type { StateStore } from '../src/ports/state-store.js';

/** A state folder in memory. */
export function memoryStore(): StateStore {
  const files = new Map<string, Buffer>();
  return {
    path: '/state',
    read: (name) => files.get(name) ?? null,
    replace: (name, content) => void files.set(name, Buffer.from(content)),
    append: (name, content) =>
      void files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), Buffer.from(content)])),
    list: (folder) =>
      [...files.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1))
        .sort(),
    remove: (name) => void files.delete(name),
  };
}
