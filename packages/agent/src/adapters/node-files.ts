import type { FileReader } from '../ports/files.js';
import { looksByPath } from './descriptors/by-path.js';
import { hasDescriptorNames } from './descriptors/fd.js';
import { looksByDescriptor } from './descriptors/look.js';
import type { WalkAhead } from './descriptors/walk-ahead.js';
import { treePaths } from './tree-paths.js';

export interface NodeFilesOptions {
  /** Where open descriptors have names (proc(5)); without it, looks go by path. */
  readonly descriptors?: string;
  /** This process only inspects: a walk may change the folder that it stands in while nothing else can run. */
  readonly isAlone?: boolean;
  /** A walk of this tree that has begun already. */
  readonly ahead?: WalkAhead | null;
  /** Folders of whose files somebody will ask the access lists: they are asked together. */
  readonly listsOf?: readonly string[];
}

/** The files of the tree at `root`. `root` itself must exist: that is checked by whoever takes it from a person. */
export function nodeFiles(
  root: string,
  { descriptors, isAlone = false, ahead = null, listsOf = [] }: NodeFilesOptions = {},
): FileReader {
  if (!hasDescriptorNames(descriptors)) return looksByPath(root);
  return looksByDescriptor(treePaths(root).prefix || '/', { isAlone, ahead, listsOf });
}
