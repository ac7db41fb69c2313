import type { Fleet } from './fleet.js';
import type { Narrator } from './narrator.js';
import type { OnCallPage } from './receiver.js';
import type { FindingRow, NodeRow, Page, PlanRow, RunRow } from './rest.js';
import { until } from './wait.js';

const PLAN_MS = 60_000;
const RUN_MS = 180_000;
const RESOLVE_MS = 30_000;
const FINAL = ['done', 'doneInPart', 'refused', 'stale', 'expired', 'rolledBack', 'rollbackFailed'];
const DIFF_LINES_MAX = 8;

export const OPEN = 'still open';

/** What a person does in the console, through the same REST API. */
export class Operator {
  constructor(
    private readonly fleet: Fleet,
    private readonly narrator: Pick<Narrator, 'plain'>,
  ) {}

  async nodeRow(name: string): Promise<NodeRow> {
    const { items } = await this.fleet.rest.get<Page<NodeRow>>('/nodes');
    const row = items.find((node) => node.name === name);
    if (!row) throw new Error(`the server knows no node ${name}`);
    return row;
  }

  /** Open findings of a node; with a remediation, those that it would mend. */
  async findings(name: string, remediation?: string): Promise<readonly FindingRow[]> {
    const { items } = await this.fleet.rest.get<Page<FindingRow>>('/findings?state=open&limit=500');
    return items.filter(
      (finding) =>
        finding.node.name === name && (remediation === undefined || finding.remediation === remediation),
    );
  }

  /** Resolves with the run's id once the plan that was read is approved by its digest. */
  async planAndApprove(
    name: string,
    remediation: string,
    params: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { id: nodeId } = await this.nodeRow(name);
    const { id } = await this.fleet.rest.post<{ id: string }>('/plans', { nodeId, remediation, params });
    const answer = await until('the plan', PLAN_MS, async () => {
      const plan = await this.fleet.rest.get<PlanRow>(`/plans/${id}`);
      return plan.state === 'waiting' ? null : plan;
    });
    if (answer.state !== 'ready' || answer.plan === null)
      throw new Error(
        `the plan is ${answer.state}: ${answer.error?.code ?? ''} ${answer.error?.detail ?? ''}`,
      );
    for (const { target, summary, diff } of answer.plan.changes) {
      this.narrator.plain(`              ${target}: ${summary}`);
      for (const line of changedLines(diff)) this.narrator.plain(`                ${line}`);
    }
    const { runId } = await this.fleet.rest.post<{ runId: string }>(`/plans/${id}/approve`, {
      digest: answer.plan.digest,
    });
    return runId;
  }

  async runIsDone(runId: string): Promise<string> {
    const run = await until('the end of the run', RUN_MS, async () => {
      const row = await this.fleet.rest.get<RunRow>(`/runs/${runId}`);
      return FINAL.includes(row.state) ? row : null;
    });
    const last = run.events.at(-1)?.line ?? '';
    if (run.state !== 'done')
      throw new Error(
        `the run ended ${run.state}: ${run.error ?? ''} ${run.events.map(({ state, line }) => `${state}: ${line}`).join(' | ')}`,
      );
    if (!run.events.some(({ state }) => state === 'verifying')) throw new Error('nothing was verified');
    return last;
  }

  /** A finding is over only by a verdict that passed (or no longer applies), and on-call hears of it. */
  async resolved(findings: readonly FindingRow[]): Promise<void> {
    for (const { id, control } of findings) {
      const over = await until(`${control} resolves`, RESOLVE_MS, async () => {
        const finding = await this.fleet.rest.get<FindingRow>(`/findings/${id}`);
        return finding.state === 'resolved' ? finding : null;
      });
      if (over.resolution !== 'pass' && over.resolution !== 'not-applicable')
        throw new Error(`${control} resolved by ${over.resolution}`);
      const { items } = await this.fleet.rest.get<Page<FindingRow>>(`/findings?control=${control}`);
      // While another node has the same, the alert that names both goes on.
      if (items.length === 0)
        await until(`the page that ${control} is over`, RESOLVE_MS, () => this.pageOf(id, 'alert.resolved'));
    }
  }

  pageOf(findingId: string, type: string): OnCallPage | null {
    return (
      this.fleet.receiver.pages.find(
        (page) => page.type === type && page.data.findings.some(({ id }) => id === findingId),
      ) ?? null
    );
  }

  pageAfter(name: string, control: string, afterMs: number): OnCallPage | null {
    const isIt = (page: OnCallPage) =>
      page.type === 'alert.firing' &&
      page.arrivedMs > afterMs &&
      page.data.alert.control === control &&
      page.data.findings.some(({ node }) => node.name === name);
    return this.fleet.receiver.pages.find(isIt) ?? null;
  }

  async auditIsWhole(): Promise<string> {
    const { items } = await this.fleet.rest.get<Page<{ action: string }>>('/audit?limit=500');
    const approvals = items.filter(({ action }) => action.includes('approve')).length;
    if (approvals === 0) throw new Error('no approval is in the audit');
    return `${items.length} lines, ${approvals} approvals`;
  }
}

/** Of a diff the lines that change, so that a reader of the story sees what was approved. */
function changedLines(diff: string | undefined): string[] {
  const lines = (diff ?? '').split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line));
  return lines.length <= DIFF_LINES_MAX
    ? lines
    : [...lines.slice(0, DIFF_LINES_MAX), `(and ${lines.length - DIFF_LINES_MAX} more lines)`];
}
