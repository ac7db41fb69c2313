import type { FileWriter } from '../ports/files.js';
import { changesByDescriptor } from './descriptors/change.js';
import { FileWriteFailed } from './descriptors/change-failed.js';
import { hasDescriptorNames } from './descriptors/fd.js';
import { treePaths } from './tree-paths.js';

export { FileWriteFailed } from './descriptors/change-failed.js';

const UNSAFE =
  'refused: /proc is not there, and without it nobody can be sure that what is changed is what was inspected';

/** Every method throws FileWriteFailed, and changes nothing then. Where descriptors have no names, every method does. */
export function nodeFileWriter(root: string, descriptors?: string): FileWriter {
  if (hasDescriptorNames(descriptors)) return changesByDescriptor(treePaths(root).prefix || '/');
  const refuse = (operation: string) => (path: string) => {
    throw new FileWriteFailed(operation, path, UNSAFE);
  };
  return {
    createExclusive: refuse('create'),
    rename: refuse('rename'),
    unlink: refuse('unlink'),
    mkdir: refuse('mkdir'),
    rmdir: refuse('rmdir'),
    chmod: refuse('chmod'),
    chown: refuse('chown'),
    syncDirectory: refuse('sync'),
  };
}
