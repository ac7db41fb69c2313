import type { HeldConfiguration } from '@castellan/shared/model/configuration';
import type { NodeDescription } from '@castellan/shared/model/node';
import { rankOf, type Verdict } from '@castellan/shared/model/verdict';
import { type CollectDeps, collectAll, type FactStates } from '../engine/collect.js';
import { type JudgePolicy, judge } from '../engine/judge.js';
import { collectInPasses } from '../engine/passes.js';
import { staleFacts, withDependents } from '../engine/stale.js';
import { transitions, type VerdictChange } from '../engine/transition.js';
import { knownStateDigest } from '../engine/verdict-digests.js';
import { WalkCache } from '../engine/walk-cache.js';
import { instant, steady } from '../ports/clock.js';
import type { Snapshot } from '../ports/snapshot.js';
import type { Control } from '../units/control.js';
import { describeNode, heldConfiguration } from './describe-node.js';

export interface ObserverDeps extends CollectDeps {
  readonly controls: readonly Control[];
  readonly policy: JudgePolicy;
  /** The node is inspected from another host. */
  readonly snapshot?: Snapshot;
}

export interface Scan {
  readonly changes: readonly VerdictChange[];
  readonly tookMs: number;
  /** The verdicts before; absent: nothing was inspected. */
  readonly before?: readonly Verdict[];
}

/** The facts and verdicts of one node. Looks never overlap: one that is asked for meanwhile follows the one under way. */
export class Observer {
  #states: FactStates = new Map();
  #verdicts: readonly Verdict[] = [];
  #digest: string | null = null;
  #observedAt = '';
  #turn: Promise<unknown> = Promise.resolve();

  readonly #walks: WalkCache;

  constructor(private readonly deps: ObserverDeps) {
    this.#walks = new WalkCache(deps.files);
  }

  get states(): FactStates {
    return this.#states;
  }

  get verdicts(): readonly Verdict[] {
    return this.#verdicts;
  }

  /** Null before the first scan. */
  get digest(): string | null {
    return this.#digest;
  }

  /** When the verdicts were made; empty before the first scan. */
  get observedAt(): string {
    return this.#observedAt;
  }

  get description(): NodeDescription {
    return describeNode(this.#states, this.deps.settings);
  }

  get configuration(): HeldConfiguration | undefined {
    return heldConfiguration(this.#states);
  }

  /** Collects everything anew: the truth, whatever was missed. */
  scanAll(): Promise<Scan> {
    return this.#inTurn(() => {
      this.#walks.forget();
      return this.#look(new Set(this.deps.collectors.map((collector) => collector.name)));
    });
  }

  /** Collects what these changed paths made stale, and nothing else. */
  scanChanged(changed: ReadonlySet<string>): Promise<Scan> {
    return this.#inTurn(() => {
      this.#walks.changed(changed);
      return this.#look(staleFacts(changed, this.#states, this.deps.collectors));
    });
  }

  /** Collects these facts and what depends on them, and says the worst that the control judges now. */
  async recheck(controlId: string): Promise<Verdict | null> {
    const control = this.deps.controls.find((one) => one.id === controlId);
    if (!control) return null;
    const needed = this.#needsOf(control.reads);
    await this.#inTurn(() => {
      this.#walks.forget();
      return this.#look(withDependents(needed, this.deps.collectors));
    });
    const [worst] = this.#verdicts
      .filter((verdict) => verdict.control === controlId)
      .sort((a, b) => rankOf(a) - rankOf(b));
    return worst ?? null;
  }

  #needsOf(names: readonly string[]): Set<string> {
    const all = new Set<string>(names);
    for (const name of all) {
      for (const need of this.deps.collectors.find((collector) => collector.name === name)?.needs ?? [])
        all.add(need);
    }
    return all;
  }

  /** As if the scan had not been: its changes are found again by the next. */
  takeBack(look: Scan): void {
    if (look.changes.length === 0 || !look.before) return;
    this.#verdicts = look.before;
    this.#digest = knownStateDigest(look.before);
  }

  /** Controls that read none of these facts say what they said; a full scan asks all of them. */
  #judged(names: ReadonlySet<string>): readonly Verdict[] {
    const { controls, policy, clock } = this.deps;
    const asked =
      this.#digest === null
        ? controls
        : controls.filter(({ reads }) => reads.some((fact) => names.has(fact)));
    const anew = judge(asked, this.#states, policy, clock);
    if (asked.length === controls.length) return anew;
    const isAsked = new Set(asked.map(({ id }) => id));
    return controls.flatMap(({ id }) =>
      (isAsked.has(id) ? anew : this.#verdicts).filter(({ control }) => control === id),
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work);
    // Whoever asked gets the failure; the next one in the queue must not.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #collect(names: ReadonlySet<string>): Promise<FactStates> {
    const { snapshot } = this.deps;
    return snapshot
      ? collectInPasses(names, { ...this.deps, snapshot }, this.#states, this.#walks)
      : collectAll(names, this.deps, this.#states, this.#walks);
  }

  async #look(names: ReadonlySet<string>): Promise<Scan> {
    const startedAt = steady(this.deps.clock);
    if (names.size === 0) return { changes: [], tookMs: 0 };
    this.#states = await this.#collect(names);
    const before = this.#verdicts;
    this.#verdicts = this.#judged(names);
    this.#digest = knownStateDigest(this.#verdicts);
    this.#observedAt = instant(this.deps.clock);
    return {
      changes: transitions(before, this.#verdicts),
      before,
      tookMs: Math.round(steady(this.deps.clock) - startedAt),
    };
  }
}
