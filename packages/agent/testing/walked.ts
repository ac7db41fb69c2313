import type { WalkedStat, WalkVisitor } from '../src/ports/files.js';
import type { WalkedFolder } from '../src/ports/walked-folder.js';

/** Keeps all that a walk tells. When a folder was made is not told by everybody, and left out. */
export class WalkSeen implements WalkVisitor {
  readonly all: unknown[] = [];

  entry(folder: string, name: string, stat: WalkedStat): void {
    const { birthtimeMs: _, ...known } = { birthtimeMs: 0, ...stat };
    this.all.push([folder, name, known]);
  }

  problem(...problem: readonly string[]): void {
    this.all.push(problem);
  }

  /** As a walk of `path` would tell it. */
  tree(folder: WalkedFolder, path: string): this {
    for (const [index, name] of folder.names.entries()) {
      const entry = folder.entries[index];
      if (!entry) continue;
      this.entry(path, name, entry.stat);
      if (entry.below) this.tree(entry.below, `${path}/${name}`);
    }
    return this;
  }
}
