import { mkdirSync } from 'node:fs';
import { placeCanaries } from '../../nodes/canary-places.js';
import { CONFIG_FAULTS } from '../../nodes/generated/faults-config.js';
import { FILE_FAULTS } from '../../nodes/generated/faults-files.js';
import { type GeneratedNode, generate, LAYOUTS, systemsOf } from '../../nodes/generated/generate.js';
import { Random } from '../../nodes/generated/random.js';
import { ECELERITY_CONF, ECUSER, type TestNode } from '../../nodes/node.js';

/** What befalls a stand-in node. */
export const SPOILED: readonly (readonly [string, (node: TestNode) => unknown])[] = [
  ['in order', () => undefined],
  ['with a secret in every place that can hold one', placeCanaries],
  ['whose main file is gone', (node) => node.remove(ECELERITY_CONF)],
  [
    'with lists, links and files that others may write',
    (node) =>
      node
        .acl('/opt/msys/etc/credentials.key', 'u:7999:r', 'm::r')
        .acl('/opt/msys/ecelerity/etc/conf/default', 'g:50:rwx')
        .give(ECELERITY_CONF, { uid: ECUSER.uid, mode: 0o666 })
        .link('/opt/msys/ecelerity/etc/conf/default/loop', 'loop')
        .link('/opt/msys/ecelerity/etc/conf/default/away', '/etc/nothing')
        .write('/opt/msys/ecelerity/etc/conf/default/a\nb.conf', 'x', { mode: 0o600 })
        .write('/opt/msys/ecelerity/etc/conf/default/$(touch x)"`.conf', 'x', { mode: 0o666 }),
  ],
];

/** A generated node, laid when it is asked for. */
export interface GeneratedCase {
  readonly name: string;
  lay(dir: string): GeneratedNode;
}

/** Every layout on every system, or each on its first. */
export function nodesInOrder(isAll: boolean): GeneratedCase[] {
  return LAYOUTS.flatMap((layout) =>
    systemsOf(layout)
      .slice(0, isAll ? undefined : 1)
      .map((system) => ({
        name: `${layout} on ${system}`,
        lay: (dir) => laid(generate(layout, system, 7), dir),
      })),
  );
}

/** Nodes with one fault each: of every fault, or of every so many. */
export function nodesWithFaults(every: number): GeneratedCase[] {
  return [...CONFIG_FAULTS, ...FILE_FAULTS]
    .map((fault, index) => ({
      name: fault.name,
      lay: (dir: string) => {
        const random = new Random(index);
        const layout = random.pick(fault.layouts);
        const systems = systemsOf(layout).filter((name) => fault.systems?.includes(name) ?? true);
        const node = generate(layout, random.pick(systems), index);
        fault.plant(node);
        return laid(node, dir);
      },
    }))
    .filter((_, index) => index % every === 0);
}

function laid(node: GeneratedNode, dir: string): GeneratedNode {
  mkdirSync(dir, { mode: 0o755 });
  node.draft.lay(dir);
  return node;
}
