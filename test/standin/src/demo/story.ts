import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import type { Fleet } from './fleet.js';
import type { Page } from './receiver.js';

const WAIT_MS = 60_000;
const POLL_MS = 50;
const KEY = '/var/ecconfigd/apache/server.key';

interface Finding {
  readonly id: string;
  readonly control: string;
  readonly state: string;
  readonly resolution: string | null;
}

/** Break, page, plan, approve, verified, resolved: each step is looked for, and named when it did not happen. */
export async function playStory(fleet: Fleet, say: (line: string) => void): Promise<void> {
  const story = new Story(fleet, say);
  await story.firstLook();
  await story.freshBreak();
  await story.mend('certificate-renew', { service: 'ecconfigd' }, ['MOM-CRT-006']);
  await story.mend('tls-protocols', {}, ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003']);
  await story.mend('permissions-repair', {}, ['MOM-PERM-002', 'MOM-CRT-009']);
  await story.mend('securecreds-enable', {}, ['MOM-CRED-001', 'MOM-CRED-006'], { password: 'a-password-for-the-story' });
}

class Story {
  readonly #startedAtMs = Date.now();
  #nodeId = '';
  #publicJwk: JWK = {};

  constructor(
    private readonly fleet: Fleet,
    private readonly print: (line: string) => void,
  ) {}

  #say(line: string): void {
    this.print(`${((Date.now() - this.#startedAtMs) / 1000).toFixed(2).padStart(7)} s  ${line}`);
  }

  async firstLook(): Promise<void> {
    const name = this.fleet.nodes[0]?.name ?? '';
    const nodes = await this.fleet.rest.get<{ items: { id: string; name: string; publicJwk: JWK }[] }>('/nodes');
    const node = nodes.items.find((n) => n.name === name);
    if (!node) throw new Error(`${name} is not among the server's nodes`);
    this.#nodeId = node.id;
    this.#publicJwk = node.publicJwk;
    const wanted = ['MOM-CRT-006', 'MOM-CRED-001', 'MOM-TLS-002', 'MOM-PERM-002', 'MOM-PERM-001', 'MOM-CRT-009'];
    await this.#until(`findings ${wanted.join(', ')} open`, async () => {
      const open = await this.#findings('open');
      return wanted.every((control) => open.some((f) => f.control === control));
    });
    this.#say(`seen      ${name}: each planted fault is an open finding`);
    await this.#page('alert.firing', 'MOM-CRT-006');
    this.#say('paged     the webhook arrived, and its signature is right');
  }

  async freshBreak(): Promise<void> {
    const node = this.fleet.nodes[1];
    if (!node) throw new Error('the story needs a second node');
    const key = join(node.tree, KEY);
    const before = this.fleet.receiver.pages.length;
    // The key of the other node's web UI is open already; mended first, so that this break is a finding of its own.
    chmodSync(join(node.tree, '/opt/msys/ecwebui/config/site/server.key'), 0o640);
    await this.#page('alert.resolved', 'MOM-CRT-009', node.name, before);
    const brokenAtMs = Date.now();
    chmodSync(key, 0o644);
    this.#say(`break     ${node.name}: chmod 644 ${KEY}`);
    const page = await this.#page('alert.firing', 'MOM-CRT-009', node.name, before);
    this.#say(`page      ${page.data.summary ?? ''} (${page.receivedAtMs - brokenAtMs} ms after the change)`);
    chmodSync(key, 0o640);
    await this.#page('alert.resolved', 'MOM-CRT-009', node.name, this.fleet.receiver.pages.indexOf(page) + 1);
    this.#say('resolved  put back by hand; on-call was told');
  }

  async mend(remediation: string, params: Record<string, string>, controls: readonly string[], secrets: Record<string, string> = {}): Promise<void> {
    const sealed = { ...params };
    for (const [name, value] of Object.entries(secrets)) sealed[name] = await this.#seal(value);
    const asked = await this.fleet.rest.post<{ id: string }>('/plans', { nodeId: this.#nodeId, remediation, params: sealed });
    const plan = await this.#until(`a plan for ${remediation}`, async () => {
      const answer = await this.fleet.rest.get<{ state: string; plan: { digest: string; changes: unknown[] } | null; error: unknown }>(`/plans/${asked.id}`);
      if (answer.state === 'failed') throw new Error(`the plan for ${remediation} failed: ${JSON.stringify(answer.error)}`);
      return answer.plan;
    });
    this.#say(`plan      ${remediation}: ${plan.changes.length} changes, read as a diff`);
    for (const value of Object.values(secrets)) {
      if (JSON.stringify(plan).includes(value)) throw new Error(`the plan for ${remediation} holds the password`);
    }
    const approved = await this.fleet.rest.post<{ runId: string }>(`/plans/${asked.id}/approve`, { digest: plan.digest });
    this.#say(`approve   ${remediation}`);
    const run = await this.#until(`the run of ${remediation} ended`, async () => {
      const answer = await this.fleet.rest.get<{ state: string; events: { line: string }[]; error: unknown }>(`/runs/${approved.runId}`);
      return ['done', 'refused', 'stale', 'expired', 'rolledBack', 'rollbackFailed'].includes(answer.state) ? answer : null;
    });
    if (run.state !== 'done') throw new Error(`the run of ${remediation} ended ${run.state}: ${run.events.map((e) => e.line).join(' | ')}`);
    this.#say(`verified  ${remediation}: ${run.events.length} steps told`);
    await this.#until(`${controls.join(', ')} resolved by a fresh pass`, async () => {
      const resolved = await this.#findings('resolved');
      return controls.every((control) => resolved.some((f) => f.control === control && f.resolution === 'pass'));
    });
    this.#say(`resolved  ${controls.join(', ')}`);
  }

  async #seal(value: string): Promise<string> {
    return new CompactEncrypt(new TextEncoder().encode(value))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
      .encrypt(await importJWK(this.#publicJwk, 'ECDH-ES+A256KW'));
  }

  async #findings(state: string): Promise<readonly Finding[]> {
    return (await this.fleet.rest.get<{ items: Finding[] }>(`/findings?state=${state}&node=${this.#nodeId}&limit=200`)).items;
  }

  #page(type: string, control: string, node?: string, from = 0): Promise<Page> {
    const isIt = (page: Page) => page.type === type && page.data.control === control && (node === undefined || page.data.node?.name === node);
    return this.#until(`${type} of ${control}`, async () => this.fleet.receiver.pages.slice(from).find(isIt) ?? null);
  }

  async #until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
    const endsAtMs = Date.now() + WAIT_MS;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > endsAtMs) throw new Error(`did not happen in ${WAIT_MS / 1000} s: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
