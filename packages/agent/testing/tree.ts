import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFiles } from '../src/adapters/node-files.js';
import type { FileReader } from '../src/ports/files.js';

/** A folder on the disk that stands for a node's `/`. */
export class TestTree {
  readonly root = mkdtempSync(join(tmpdir(), 'castellan-tree-'));
  readonly files: FileReader = nodeFiles(this.root);

  /** Where a path of the tree stands on this host. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** A file with the folders above it; a path that ends in a slash is a folder. */
  put(path: string, content: string | Uint8Array = ''): void {
    mkdirSync(path.endsWith('/') ? this.at(path) : dirname(this.at(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(this.at(path), content);
  }

  link(target: string, path: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(target, this.at(path));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
