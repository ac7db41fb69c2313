import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FILE, type NodeSettings, STATE_FOLDER } from '../lay/options.js';
import { principalsHere } from '../lay/principals.js';
import { Tree } from '../lay/tree.js';

/** One laid node, as the stand-in's own programs see it. */
export interface StandinNode {
  readonly root: string;
  readonly settings: NodeSettings;
  readonly tree: Tree;
}

export function openNode(root: string): StandinNode {
  const file = join(root, NODE_FILE);
  if (!existsSync(file)) throw new Error(`${root} is not a stand-in node: there is no ${NODE_FILE} in it`);
  const settings: NodeSettings = JSON.parse(readFileSync(file, 'utf8'));
  return { root, settings, tree: new Tree(root, principalsHere()) };
}

export function statePath(node: StandinNode, name: string): string {
  return join(node.root, STATE_FOLDER, name);
}

/** What a launcher hands over: `--root DIR [WORDS ...] -- ARGS ...`. */
export function launched(argv: readonly string[]): {
  node: StandinNode;
  words: readonly string[];
  args: readonly string[];
} {
  const at = argv.indexOf('--');
  const [flag, root, ...words] = argv.slice(0, at === -1 ? undefined : at);
  if (flag !== '--root' || root === undefined)
    throw new Error('started without its launcher: --root DIR -- ARGS is expected');
  return { node: openNode(root), words, args: at === -1 ? [] : argv.slice(at + 1) };
}
