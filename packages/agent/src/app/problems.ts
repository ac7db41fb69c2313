import type { Log } from '../ports/log.js';

/** What is wrong with the agent itself, by part: logged when it begins and when it is over, told in every heartbeat. */
export class Problems {
  readonly #known = new Map<string, string>();

  constructor(private readonly log: Log) {}

  /** Null: it is over. */
  set(name: string, detail: string | null): void {
    const before = this.#known.get(name) ?? null;
    if (before === detail) return;
    if (detail === null) {
      this.#known.delete(name);
      this.log.info({ event: 'agent.healed', part: name }, 'a problem of the agent is over');
      return;
    }
    this.#known.set(name, detail);
    if (before === null)
      this.log.error({ event: 'agent.problem', part: name, detail }, 'the agent has a problem');
  }

  list(): string[] {
    return [...this.#known].map(([name, detail]) => `${name}: ${detail}`);
  }
}
