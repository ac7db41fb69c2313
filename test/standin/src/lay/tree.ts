import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Owner, Principals } from './principals.js';

export interface Access {
  readonly owner?: Owner;
  /** Where it is another than the owner's own group. */
  readonly group?: Owner;
  readonly mode?: number;
}

/** Writes a node's files below one folder. Modes and owners are set outright: the umask of whoever lays has no say. */
export class Tree {
  constructor(
    readonly dir: string,
    readonly principals: Principals,
  ) {}

  /** Where a path of the node is on this host. */
  at(path: string): string {
    return join(this.dir, path);
  }

  folder(path: string, access: Access = {}): void {
    const parent = dirname(path);
    if (parent !== path && !existsSync(this.at(parent))) this.folder(parent);
    if (!existsSync(this.at(path))) mkdirSync(this.at(path));
    this.give(path, { mode: 0o755, ...access });
  }

  file(path: string, content: string | Buffer, access: Access = {}): void {
    if (!existsSync(this.at(dirname(path)))) this.folder(dirname(path));
    writeFileSync(this.at(path), content);
    this.give(path, { mode: 0o644, ...access });
  }

  link(path: string, target: string): void {
    if (!existsSync(this.at(dirname(path)))) this.folder(dirname(path));
    symlinkSync(target, this.at(path));
    if (!this.principals.isSingleUser) lchownSync(this.at(path), 0, 0);
  }

  give(path: string, { owner = 'root', group = owner, mode }: Access): void {
    const { ids, isSingleUser } = this.principals;
    if (!isSingleUser) chownSync(this.at(path), ids[owner].uid, ids[group].gid);
    // After the owner: changing that clears bits.
    if (mode !== undefined) chmodSync(this.at(path), mode);
  }
}
