import { decodeBytes, hasModule, type Loader, loadConfig } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import type { FileReader } from '../../ports/files.js';

const FOLDERS = [
  '/opt/msys/ecelerity/etc/conf',
  '/opt/msys/etc/installer/ecelerity.d',
  '/opt/msys/etc/installer/eccmgr.d',
];
/** Folder, subcluster, and what people put below. */
const DEPTH_MAX = 4;
export const FILES_MAX = 2000;
const FILE_BYTES_MAX = 1024 * 1024;

/** securecreds blocks in configuration files that no main file reaches by an include. */
export function blocksElsewhere(files: FileReader, { configs }: Facts['momentumConfig']): Place[] {
  const reached = new Set(configs.flatMap(({ config }) => config.files.map((file) => file.path)));
  const found: Place[] = [];
  const looked = new Set<string>();
  for (const path of configFiles(files)) {
    if (reached.has(path)) continue;
    // A file of many names (hard links) is looked into once.
    const stat = files.stat(path);
    const file = stat.ok ? `${stat.value.dev}:${stat.value.ino}` : path;
    if (looked.has(file)) continue;
    looked.add(file);
    const content = files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok) continue;
    const { text } = decodeBytes(content.value);
    if (!/securecreds/i.test(text)) continue;
    const module = hasModule(loadConfig(only(path, text), path), 'securecreds');
    if (module) found.push(module.at);
  }
  return found;
}

/** The file by itself: what it includes is another file's matter. */
function only(path: string, text: string): Loader {
  return {
    read: (asked) =>
      asked === path ? { ok: true, text } : { ok: false, problem: 'missing', detail: 'not inspected' },
    list: () => null,
  };
}

function configFiles(files: FileReader): string[] {
  const found: string[] = [];
  const waiting = FOLDERS.map((path) => ({ path, depth: 1 }));
  for (let folder = waiting.pop(); folder && found.length < FILES_MAX; folder = waiting.pop()) {
    const names = files.list(folder.path);
    if (!names.ok) continue;
    for (const name of names.value) {
      if (name === '.svn') continue;
      const path = `${folder.path}/${name}`;
      if (name.endsWith('.conf')) found.push(path);
      else if (folder.depth < DEPTH_MAX && isFolder(files, path))
        waiting.push({ path, depth: folder.depth + 1 });
    }
  }
  return found.slice(0, FILES_MAX);
}

/** A link to a folder is not followed: it may lead round in a circle. */
function isFolder(files: FileReader, path: string): boolean {
  const stat = files.lstat(path);
  return stat.ok && stat.value.kind === 'directory';
}
