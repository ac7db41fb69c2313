import { existsSync } from 'node:fs';
import { nodePorts } from '../adapters/node-ports.js';
import { nodeRunLock } from '../adapters/node-run-lock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import type { Executor } from '../app/command-dispatcher.js';
import { nodeExecutor } from '../app/node-executor.js';
import { issuingOf } from '../config/settings.js';
import type { BesideOptions } from './beside-options.js';
import { settingsOf } from './settings-of.js';
import type { TreeOptions } from './tree-options.js';

/** What `plan` and `apply` are told of the node. */
export interface CarrierOptions extends TreeOptions, BesideOptions {
  readonly config?: string;
  readonly state?: string;
}

/** Who plans and carries out, on this node or on another from beside. */
export interface Carrier {
  readonly executor: Executor;
  /** What the node cannot promise, a line each. */
  readonly limits: readonly string[];
  /** Why this remediation is not carried out here; null: it is. */
  refusalOf(slug: string): string | null;
  /** Nothing reaches the node by it any more. */
  isLost(): boolean;
  close(): Promise<void>;
}

/** State and audit-only come from the settings; what is inspected comes from the command line. */
export function carrierHere(options: CarrierOptions, signal: AbortSignal, live: boolean): Carrier {
  const { settings } = settingsOf(options.config, {
    root: options.root,
    ...(options.state === undefined ? {} : { state: options.state }),
  });
  return {
    executor: nodeExecutor({
      ports: nodePorts(options.root, { live, probe: options.probe }),
      store: nodeStateStore(settings.state),
      lock: nodeRunLock(`${settings.state}/run.lock`),
      settings: {
        nodeName: settings.name,
        assumeMomentum: options.assumeMomentum ?? settings.assumeMomentum,
        probe: options.probe && live,
        live,
      },
      issuing: issuingOf(settings),
      allow: null,
      isAuditOnly: () => existsSync(settings.auditOnlyFile),
      signal,
    }),
    limits: [],
    refusalOf: () => null,
    isLost: () => false,
    close: () => Promise.resolve(),
  };
}
