import type { GeneratedNode, LayoutName } from './generate.js';
import type { SystemName } from './systems.js';

/** Where a control must fail: `file`, `file:line`, or what stands in a file's place. */
export interface Expected {
  readonly control: string;
  readonly place: string;
}

/** One thing that is wrong with a node. */
export interface Fault {
  /** A sentence that a stranger understands. */
  readonly name: string;
  readonly layouts: readonly LayoutName[];
  /** Absent: every system that the layout runs on. */
  readonly systems?: readonly SystemName[];
  /** Plants it, and tells which controls must fail, and where. */
  plant(node: GeneratedNode): readonly Expected[];
}

export const WITH_MTA: readonly LayoutName[] = ['single node', 'cluster MTA', 'platform 4.x'];
export const WITH_CONFIG: readonly LayoutName[] = [...WITH_MTA, 'cluster manager'];
export const WITH_WEB: readonly LayoutName[] = ['single node', 'cluster manager'];
export const WITH_DATABASE: readonly LayoutName[] = ['single node', 'cluster manager', 'database'];

export function at(control: string, file: string, line?: number): Expected {
  return { control, place: line === undefined ? file : `${file}:${line}` };
}

/** The MTA's files; the layouts of a fault say that there is an MTA. */
export function mtaOf(node: GeneratedNode): NonNullable<GeneratedNode['mta']> {
  if (node.mta === null) throw new Error(`${node.layout} has no MTA`);
  return node.mta;
}

export function mainOf(node: GeneratedNode): string {
  return node.mta?.main ?? node.managerMain ?? '';
}

export function storeFileOf(node: GeneratedNode): string {
  return node.mta?.store ?? node.managerMain ?? '';
}
