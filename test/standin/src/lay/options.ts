import type { Fault } from './faults/fault.js';
import type { FaultName } from './faults/index.js';

export interface LayOptions {
  /** The node's host name. */
  readonly name: string;
  /** What is wrong with it. Nothing: a node that passes every control. */
  readonly faults?: readonly FaultName[];
  /** Something more that is wrong, or is there: planted after the faults. */
  readonly plant?: Fault['plant'];
  /** Init scripts that know reload as well, as those of some sites do; the manual names no such word. */
  readonly reloads?: boolean;
  /** With Debian's programs as services (needs root), in place of the small doubles. */
  readonly real?: boolean;
  /** Fixed ports; those that are not named are chosen free. */
  readonly ports?: Partial<Ports>;
  /** Address that the services listen on; loopback unless told. */
  readonly address?: string;
}

/** Where the services of the tree listen; written into the tree's own settings. */
export interface Ports {
  readonly ecconfigd: number;
  readonly ecwebui: number;
  readonly msyspg: number;
  readonly esmtp: number;
}

/** What the tree's programs must know and Momentum's own files do not say. Kept at NODE_FILE inside the tree. */
export interface NodeSettings {
  readonly note: string;
  readonly name: string;
  readonly form: 'doubles' | 'real';
  readonly address: string;
  readonly ports: Ports;
  readonly momentumVersion: string;
}

export const NODE_FILE = '/var/lib/standin/node.json';
/** Where the stand-in keeps what a running Momentum would have in memory. */
export const STATE_FOLDER = '/var/run/standin';
export const MOMENTUM_VERSION = '3.6.6.42103';
