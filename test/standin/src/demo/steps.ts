import { performance } from 'node:perf_hooks';
import type { DemoNode } from './fleet.js';
import type { Look } from './looks.js';
import type { Narrator } from './narrator.js';
import type { Operator } from './operator.js';

export interface Mend {
  /** What of the chapter it answers, in our words: its row of the table at the end. */
  readonly statement: string;
  readonly remediation: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Only findings of these; without it, all that the remediation mends. */
  readonly controls?: readonly string[];
  readonly look: Look;
  /** From the break to the page; null: it was so before the agent came. */
  readonly pagedMs?: number | null;
}

/** Begun later than this, no step is played: the story has an end on any machine. */
const STORY_MS_MAX = 600_000;

/** The steps of a story, each told when it was seen; and the table of what was mended. */
export class Steps {
  readonly #startedMs = performance.now();
  readonly #rows: (readonly string[])[] = [];

  constructor(
    private readonly operator: Operator,
    private readonly narrator: Narrator,
  ) {}

  /** False: it did not happen. */
  async step(text: string, happen: () => Promise<unknown>): Promise<boolean> {
    const startedMs = performance.now();
    try {
      if (startedMs - this.#startedMs > STORY_MS_MAX)
        throw new Error(`not begun: the story is over after ${STORY_MS_MAX / 1000} s`);
      const detail = await happen();
      const told = typeof detail === 'string' ? `${text}: ${detail}` : text;
      this.narrator.done(told, performance.now() - startedMs);
      return true;
    } catch (error) {
      this.narrator.failed(`${text}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** Plan, read, approve, carried out, verified; then the world is inspected without Castellan; then it is resolved and told. */
  async mend(node: DemoNode, mend: Mend): Promise<void> {
    const startedMs = performance.now();
    const { remediation, controls, params = {} } = mend;
    const concerned = (await this.operator.findings(node.name, remediation)).filter(
      ({ control }) => controls?.includes(control) ?? true,
    );
    const names = [...new Set(concerned.map(({ control }) => control))].sort().join(', ');
    this.narrator.step(`${remediation} on ${node.name}, for ${names || 'nothing'}`);
    let runId = '';
    await this.step('  planned, read and approved', async () => {
      if (concerned.length === 0) throw new Error('no open finding asks for it');
      runId = await this.operator.planAndApprove(node.name, remediation, params);
    });
    const isWhole =
      runId !== '' &&
      (await this.step('  carried out and verified by the node', () => this.operator.runIsDone(runId))) &&
      (await this.step('  seen from outside', () => mend.look(node))) &&
      (await this.step(`  resolved by a fresh pass, and on-call is told (${names})`, () =>
        this.operator.resolved(concerned),
      ));
    const paged = mend.pagedMs === undefined || mend.pagedMs === null ? 'at the start' : inMs(mend.pagedMs);
    const mended = isWhole ? inMs(performance.now() - startedMs) : 'NO';
    this.#rows.push([mend.statement, names, remediation, paged, mended]);
  }

  tellTable(): void {
    this.narrator.table(['of the chapter', 'controls', 'remediation', 'paged', 'mended'], this.#rows);
  }
}

function inMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
