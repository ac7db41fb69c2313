import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Severity } from '@castellan/shared/model/severity';
import { openCore, outboxOf } from '../../src/app/server.js';
import { acknowledgeMany } from '../../src/services/acknowledge.js';
import type { ServerContext } from '../../src/services/context.js';
import { moveFinding } from '../../src/services/move-finding.js';
import { createTarget } from '../../src/services/targets.js';
import { commit } from '../../src/services/unit.js';
import { verdict } from '../agent.js';
import { testAdapters, testOptions } from '../server.js';
import { type Death, SimulatedReceiver, simulatedChannels } from './receivers.js';
import { type Seeded, seeded } from './seeded.js';

const START = Date.UTC(2026, 10, 1);
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Verdicts in one transaction, as nodes' batches are. */
const BATCH = 100;
const BREATHE_MS = 1;
const GRID_MS = 10_000;
/** Of the loop that waits for what is under way: beyond it the server chases its own tail. */
const TURNS_MAX = 5_000;

export interface Said {
  readonly node: string;
  readonly control: string;
  /** Null: it passes. */
  readonly severity: Severity | null;
}

export interface WorldOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly groups: readonly string[];
  readonly targets: Readonly<Record<string, Severity>>;
}

/** A server's alerts under a clock of the test's own: everything but the sockets is real. */
export class World {
  readonly random: Seeded;
  readonly receivers = new Map<string, SimulatedReceiver>();
  readonly death: Death = { share: 0, died: false };
  readonly nodes: { id: string; name: string; group: string }[] = [];
  now = START;
  deaths = 0;
  #ctx!: ServerContext;
  #outbox!: ReturnType<typeof outboxOf>;
  #close: () => Promise<void> = async () => undefined;

  private constructor(options: WorldOptions) {
    this.random = seeded(options.seed);
  }

  static async make(options: WorldOptions): Promise<World> {
    const world = new World(options);
    await world.#open(options);
    return world;
  }

  get ctx(): ServerContext {
    return this.#ctx;
  }

  async #open({ nodes, groups, targets }: WorldOptions): Promise<void> {
    const clock = { now: () => this.now };
    const id = (kind: string) =>
      `${kind}_${Array.from({ length: 24 }, () => this.random.pick([...ALPHABET])).join('')}`;
    for (const name of Object.keys(targets)) this.receivers.set(name, new SimulatedReceiver());
    const adapters = testAdapters({ clock });
    // In memory where that is possible: thousands of commits, none of which has to outlive the test.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'castellan-simulation-'));
    const { ctx, store } = await openCore(
      {
        ...adapters,
        random: { ...adapters.random, id, share: () => this.random.share() },
        channels: simulatedChannels(this.receivers, this.random, this.death),
      },
      testOptions(folder),
    );
    this.#close = async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    };
    this.#ctx = { ...ctx, wakeOutbox: () => this.#outbox.wake() };
    this.#outbox = outboxOf(this.#ctx);
    for (const [name, severityMin] of Object.entries(targets)) {
      const order = { name, kind: 'simulated', settings: { name }, enabled: true, severityMin };
      const made = await createTarget(this.#ctx, 'cli:test', order);
      if (!made.ok) throw made.error;
    }
    await store.transaction(async (tx) => {
      for (let n = 0; n < nodes; n += 1) {
        const node = { id: id('nod'), name: `mta${n}.example.com`, group: groups[n % groups.length] ?? '' };
        this.nodes.push(node);
        await tx.nodes.put({
          ...node,
          enrolledAt: this.now,
          certificateSerial: String(n),
          certificateNotAfter: this.now + 90 * 86_400_000,
          publicJwk: { kty: 'EC', crv: 'P-256', x: '', y: '' },
          certificateAuthority: '',
          trustedAuthorities: null,
          agentVersion: null,
        });
      }
    });
  }

  /** What nodes say, as batches of theirs arrive. */
  async say(all: readonly Said[]): Promise<void> {
    for (let first = 0; first < all.length; first += BATCH)
      await commit(this.#ctx, async (unit) => {
        for (const { node, control, severity } of all.slice(first, first + BATCH))
          await moveFinding(
            unit,
            node,
            verdict({
              control,
              title: control,
              severity: severity ?? 'low',
              status: severity === null ? 'pass' : 'fail',
              violations: [],
            }),
          );
      });
  }

  async acknowledge(control: string): Promise<void> {
    const done = await acknowledgeMany(this.#ctx, 'user:test', { control }, { note: '', until: null });
    if (!done.ok) throw done.error;
  }

  /** Lets time pass, stopping wherever something is due. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.#settle();
    for (;;) {
      const next = await this.#nextAt();
      if (next === null || next > end) break;
      // Attempts that are due nearly at once are made at once: a step costs more than a second is worth.
      this.now = Math.min(end, Math.max(this.now, Math.ceil(next / GRID_MS) * GRID_MS));
      await this.#settle();
    }
    this.now = end;
    await this.#settle();
  }

  async close(): Promise<void> {
    await this.#outbox.stop();
    await this.#close();
  }

  async #nextAt(): Promise<number | null> {
    const { deliveries, notifications } = this.#ctx.store.read;
    const instants = [await deliveries.nextDueAt([]), await notifications.nextAt()].filter(
      (at) => at !== null,
    );
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** Until nothing is due now and no attempt is under way. A server that died is another one from here on. */
  async #settle(): Promise<void> {
    for (let turns = 0; ; turns += 1) {
      if (turns > TURNS_MAX) throw new Error(`at ${this.now} there is always something left to do`);
      if (!this.#outbox.isBusy) this.#outbox.wake();
      await new Promise((resolve) => setTimeout(resolve, BREATHE_MS));
      if (this.death.died) {
        this.death.died = false;
        this.deaths += 1;
        // Nothing of it goes on; what was under way never ends.
        void this.#outbox.stop();
        this.#outbox = outboxOf(this.#ctx);
        continue;
      }
      // The store is asked only when nothing is under way: its answers are what a world costs.
      if (this.#outbox.isBusy) continue;
      const next = await this.#nextAt();
      if ((next === null || next > this.now) && !this.#outbox.isBusy) return;
    }
  }
}
