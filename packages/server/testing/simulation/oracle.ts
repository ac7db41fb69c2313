import { isAtLeast, type Severity, worst } from '@castellan/shared/model/severity';
import type { AlertMessage } from '../../src/domain/alert/message.js';
import { STORM_CONTROL } from '../../src/domain/alert/storm.js';
import type { FindingRecord } from '../../src/store/finding.repository.js';
import type { SimulatedReceiver } from './receivers.js';
import type { World } from './world.js';

interface Cause {
  readonly alertId: string;
  readonly severity: Severity;
  readonly findings: number;
}

/** What a target that asks for a severity has to know: causes of which something is open that nobody has. */
async function causesFor(world: World, severityMin: Severity): Promise<Cause[]> {
  const byAlert = new Map<string, FindingRecord[]>();
  for (const { id } of world.nodes)
    for (const finding of await world.ctx.store.read.findings.activeOfNode(id))
      if (finding.alertId !== null && isAtLeast(finding.severity, severityMin))
        byAlert.set(finding.alertId, [...(byAlert.get(finding.alertId) ?? []), finding]);
  return [...byAlert]
    .filter(([, findings]) => findings.some(({ state }) => state === 'open'))
    .map(([alertId, findings]) => ({
      alertId,
      severity: worst(findings.map(({ severity }) => severity)) ?? 'low',
      findings: findings.length,
    }));
}

const says = (message: AlertMessage | undefined) =>
  message?.type === 'alert.firing' || message?.type === 'alert.updated' ? message : null;

/** Causes that a target does not know of, or not how bad they are. Empty when all is told. */
export async function unsaid(world: World, targetName: string, severityMin: Severity): Promise<string[]> {
  const { store } = world.ctx;
  const target = await store.read.targets.byName(targetName);
  const receiver = world.receivers.get(targetName);
  if (!target || !receiver) throw new Error(`no target ${targetName}`);
  const last = byId(receiver);
  const missing: string[] = [];
  for (const { alertId, severity, findings } of await causesFor(world, severityMin)) {
    const told = says(last.get(alertId));
    const stormId = (await store.read.notifications.get(alertId, target.id))?.stormId ?? null;
    const isInStorm = stormId !== null && says(last.get(stormId)) !== null;
    if (isInStorm || (told && told.alert.severity === severity && told.counts.findings >= findings)) continue;
    const alert = await store.read.alerts.get(alertId);
    const known = told
      ? `${told.alert.severity} ${told.counts.findings}`
      : (last.get(alertId)?.type ?? 'nothing');
    missing.push(
      `${alert?.control} ${alert?.groupName}: is ${severity} ${findings}, ${targetName} knows ${known}`,
    );
  }
  return missing;
}

/** Alerts whose last message says that something is wrong. */
export function unresolved(receiver: SimulatedReceiver): string[] {
  return [...byId(receiver).values()]
    .filter(({ type }) => type !== 'alert.resolved')
    .map(({ alert, type }) => `${alert.control} ${alert.group}: ${type}`);
}

/** Messages that say what the one before them about the same alert said. */
export function saidTwice(receiver: SimulatedReceiver): string[] {
  const last = new Map<string, string>();
  const twice: string[] = [];
  for (const { message, isNew, isUnsure } of receiver.attempts) {
    const { type, alert, counts } = message;
    const isWrong = type === 'alert.firing' || type === 'alert.updated';
    const said = isWrong ? `firing ${alert.severity} ${counts.findings}` : type;
    if (isNew && last.get(alert.id) === said)
      twice.push(`${alert.control} ${alert.group}: ${said} (${message.reason})`);
    if (isNew) last.set(alert.id, said);
    // The server cannot know which of two it said last.
    else if (isUnsure && last.get(alert.id) !== said) last.delete(alert.id);
  }
  return twice;
}

export const isStormMessage = ({ alert }: AlertMessage): boolean => alert.control === STORM_CONTROL;

function byId(receiver: SimulatedReceiver): Map<string, AlertMessage> {
  return new Map(receiver.heard.map((message) => [message.alert.id, message]));
}
