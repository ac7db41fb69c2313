import type { FileReader } from '../ports/files.js';
import { looksByPath } from './descriptors/by-path.js';
import { hasDescriptorNames } from './descriptors/fd.js';
import { looksByDescriptor } from './descriptors/look.js';
import { treePaths } from './tree-paths.js';

/**
 * The files of the tree at `root`. `root` itself must exist: that is checked by whoever takes it from a person.
 * `descriptors`: where open descriptors have names (proc(5)); without it, looks go by path.
 */
export function nodeFiles(root: string, descriptors?: string): FileReader {
  if (!hasDescriptorNames(descriptors)) return looksByPath(root);
  return looksByDescriptor(treePaths(root).prefix || '/');
}
