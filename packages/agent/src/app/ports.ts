import type { Acme } from '../ports/acme.js';
import type { Clock } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader, FileWriter } from '../ports/files.js';
import type { Net } from '../ports/net.js';
import type { Processes } from '../ports/processes.js';
import type { Random } from '../ports/random.js';
import type { Snapshot } from '../ports/snapshot.js';

/** What looking needs. */
export interface ScanPorts {
  readonly files: FileReader;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  /** The node is inspected from another host: these ports answer from what was fetched of it. */
  readonly snapshot?: Snapshot;
}

/** What an agent needs that looks and reports. */
export interface RunPorts extends ScanPorts {
  readonly random: Random;
}

/** What an agent on its node needs. */
export interface AgentPorts extends RunPorts {
  readonly writer: FileWriter;
  /** Absent: ACME servers cannot be asked. */
  readonly acme?: Acme;
}
