import type { NodeSettings } from '../options.js';
import type { Tree } from '../tree.js';

/** One thing that is wrong with a node, as real sites have it. Planted before the node is started. */
export interface Fault {
  readonly name: string;
  /** What a person would say is wrong. */
  readonly title: string;
  plant(tree: Tree, settings: NodeSettings): void;
}
