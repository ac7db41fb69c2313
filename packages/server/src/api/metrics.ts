import { Counter, Gauge, Registry } from 'prom-client';
import type { ServerContext } from '../services/context.js';
import type { CounterFamily } from '../services/counters.js';
import { overview } from '../services/fleet.js';

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

const COUNTED: readonly (readonly [CounterFamily, name: string, label: string, help: string])[] = [
  [
    'connectionsRefused',
    'castellan_connections_refused_total',
    'code',
    'Connections of agents that were refused',
  ],
  ['framesRefused', 'castellan_frames_refused_total', 'code', 'Frames of agents that could not be read'],
  ['messagesReceived', 'castellan_messages_received_total', 'type', 'Messages of agents that were read'],
  [
    'recordsRepeated',
    'castellan_records_repeated_total',
    'type',
    'Numbered records that had been received before',
  ],
  [
    'storeFailures',
    'castellan_store_failures_total',
    'code',
    'Transactions that the store as a whole failed',
  ],
  [
    'verdictsRefused',
    'castellan_verdicts_refused_total',
    'why',
    'Verdicts of nodes that were left out: unknown or own controls, quotas',
  ],
  ['nodesSlowed', 'castellan_nodes_slowed_total', 'bound', "Pauses of a node's link because of its rate"],
  [
    'certificates',
    'castellan_certificates_total',
    'what',
    "Certificates: renewed over the link, renewed by key, first used, refused; the agent listener's own",
  ],
  ['attempts', 'castellan_notification_attempts_total', 'result', 'Attempts to deliver a message'],
  ['heartbeats', 'castellan_heartbeats_total', 'result', 'Heartbeats to the outside, taken or not'],
];

/** Labels are few by construction: never a node's name, never a control for each node. */
export function metricsOf(ctx: ServerContext): Metrics {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const nodes = gauge('castellan_nodes', 'Enrolled nodes by whether they are connected', ['state']);
  const findings = gauge('castellan_findings_open', 'Active findings by severity', ['severity']);
  const stale = gauge('castellan_findings_stale', 'Active findings that are not confirmed');
  const pending = gauge('castellan_outbox_pending', 'Deliveries that wait');
  const oldest = gauge('castellan_outbox_oldest_age_seconds', 'Age of the oldest delivery that waits');
  const dead = gauge('castellan_dead_letters', 'Deliveries that were given up');
  gauge('castellan_build_info', 'The running version', ['version']).set({ version: ctx.facts.version }, 1);
  const counted = COUNTED.map(([family, name, label, help]) => ({
    family,
    label,
    counter: new Counter({ name, help, labelNames: [label], registers: [registry] }),
  }));
  return {
    contentType: registry.contentType,
    async text() {
      const now = await overview(ctx);
      nodes.set({ state: 'connected' }, now.nodes.connected);
      nodes.set({ state: 'silent' }, now.nodes.silent);
      for (const [severity, count] of Object.entries(now.findings.bySeverity))
        findings.set({ severity }, count);
      stale.set(now.findings.stale);
      pending.set(now.deliveries.pending);
      dead.set(now.deliveries.dead);
      const { oldestPendingAt } = now.deliveries;
      oldest.set(oldestPendingAt === null ? 0 : (ctx.clock.now() - Date.parse(oldestPendingAt)) / 1000);
      for (const { family, label, counter } of counted) {
        counter.reset();
        for (const [kind, count] of ctx.counters.entries(family)) counter.inc({ [label]: kind }, count);
      }
      return registry.metrics();
    },
  };
}
