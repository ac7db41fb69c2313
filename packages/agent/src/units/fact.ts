import type { Facts } from '../facts/facts.generated.js';
import type { Clock } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader } from '../ports/files.js';
import type { Net } from '../ports/net.js';
import type { Processes } from '../ports/processes.js';

export type FactName = keyof Facts & string;

/** What a collector may use. `files` remembers what was inspected; that is what the agent then watches. */
export interface CollectContext<Needs extends FactName = never, MayLack extends FactName = never> {
  readonly files: FileReader;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly facts: Pick<Facts, Exclude<Needs, MayLack>> & Partial<Pick<Facts, MayLack>>;
  readonly settings: CollectSettings;
}

/** What the operator told the agent about the node. */
export interface CollectSettings {
  /** From --name or the settings; null: the host's name. */
  readonly nodeName: string | null;
  /** From --assume-momentum. */
  readonly assumeMomentum: string | null;
  /** Listeners may be probed. */
  readonly probe: boolean;
  /** The tree's programs may be run. */
  readonly live: boolean;
}

/** A fact could not be had at all. Controls that read it are then indeterminate with this reason. */
export class FactUnavailable extends Error {
  override readonly name = 'FactUnavailable';
}

/** The node is not one that has such a thing. Controls that read it do not apply, for this reason. */
export class FactInapplicable extends Error {
  override readonly name = 'FactInapplicable';
}

export interface Collector<
  Name extends FactName = FactName,
  Needs extends FactName = FactName,
  MayLack extends FactName = FactName,
> {
  readonly name: Name;
  /** Other facts that must be there first. */
  readonly needs: readonly Needs[];
  /** Those of them that the node may not be one to have. */
  readonly mayLack?: readonly MayLack[];
  /** What it collects, in a line, for doctor and the docs. */
  readonly title: string;
  /** Longest time one collection may take. */
  readonly timeoutMs: number;
  /**
   * What of it can change without a file changing (a daemon's umask, a served certificate): it is then collected at
   * every full rescan and after every change of its files. Facts with `files` only are collected when a file changed.
   */
  readonly evidence: 'files' | 'files-and-system';
  /** Throws FactUnavailable or FactInapplicable with a reason for a person; anything else thrown is our bug and makes verdicts `errored`. */
  collect(context: CollectContext<Needs, MayLack>): Promise<Facts[Name]> | Facts[Name];
}

export function defineCollector<
  Name extends FactName,
  const Needs extends FactName = never,
  const MayLack extends Needs = never,
>(collector: Collector<Name, Needs, MayLack>): Collector<Name, Needs, MayLack> {
  return collector;
}
