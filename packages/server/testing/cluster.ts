import type { HeldConfiguration } from '@castellan/shared/model/configuration';
import type { ServerOptions } from '../src/app/server.js';
import { connectedAgent, heartbeat } from './agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from './server.js';

export const REPOSITORY = '13f79535-47bb-0310-9956-ffa450edef68';
export const BEHIND_MS = 60_000;

/** A server whose nodes say which revision they have, and commit. */
export async function cluster(options: Partial<ServerOptions> = {}) {
  let ahead = 0;
  const server = await startTestServer({
    adapters: { clock: { now: () => Date.now() + ahead } },
    options: { configuration: { behindMs: BEHIND_MS }, ...options },
  });
  const { ctx } = server;
  const call = await signedIn(server, 'operator');
  return {
    url: server.peopleUrl,
    ctx,
    call,
    pass: (ms: number) => (ahead += ms),
    /** A node whose heartbeats hold what `has` was last given. */
    async node(name: string) {
      const enrolled = await enrolNew(server, name);
      const agent = await connectedAgent(enrolled);
      const { nodeId } = enrolled;
      let seq = 0;
      /** What is sent later is written later: once it is, so is this. */
      const committed = async (event: object) => {
        seq += 1;
        agent.send(JSON.stringify({ type: 'run', bootId: 'boot-1', seq, event }));
        await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === seq), 'the ack');
      };
      return {
        nodeId,
        agent,
        /** null: an agent that does not say it. */
        async has(revision: number | null, changes: Partial<HeldConfiguration> = {}) {
          const configuration = { repository: REPOSITORY, path: '/boot/default', revision: revision ?? 0 };
          agent.send(heartbeat(revision === null ? {} : { configuration: { ...configuration, ...changes } }));
          // Numbered, and of a run that there is not: its acknowledgement follows the heartbeat's commit.
          await committed({ ...line('run-none', 1), line: '' });
        },
        /** A run of this node that has committed, or that says nothing of a revision. */
        async commits(revision: number | null, repository = REPOSITORY) {
          const run = await addRun(nodeId);
          const more = revision === null ? {} : { revision: { repository, number: revision } };
          await committed({ ...line(run, 1), ...more });
          return run;
        },
      };
    },
  };

  async function addRun(nodeId: string): Promise<string> {
    const [id, planId] = [ctx.random.id('run'), ctx.random.id('pln')];
    const now = ctx.clock.now();
    await ctx.store.transaction(async (tx) => {
      await tx.plans.add({
        id: planId,
        nodeId,
        remediation: 'tls-protocols',
        params: null,
        commandId: `cmd-${id}`,
        state: 'approved',
        plan: null,
        error: null,
        requestedBy: 'user:operator',
        requestedAt: now,
        expiresAt: now + 3_600_000,
        runId: id,
      });
      await tx.runs.add({
        id,
        nodeId,
        planId,
        remediation: 'tls-protocols',
        state: 'sent',
        lastIndex: 0,
        jws: null,
        approvedBy: 'user:operator',
        approvedAt: now,
        expiresAt: now + 3_600_000,
        finishedAt: null,
        heardAt: now,
        error: null,
      });
    });
    return id;
  }
}

const line = (runId: string, index: number) => ({
  runId,
  index,
  at: new Date().toISOString(),
  state: 'applying',
  line: 'committed',
});
