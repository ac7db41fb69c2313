import { decide } from '../../domain/alert/decide.js';
import { nextOf } from '../../domain/alert/next.js';
import type { AlertFilter, AlertLine } from '../../store/alert-list.js';
import type { ListPage, ListRequest } from '../../store/list.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { ServerContext } from '../context.js';
import { shownAs } from '../findings.js';
import { instant, instantOrNull } from '../instant.js';
import { situationOf } from './situation.js';

/** Lines of who has an alert, and alerts of a storm, that one answer names. */
const ACKNOWLEDGEMENTS_MAX = 20;
const OF_STORM_MAX = 100;

function alertView(alert: AlertLine) {
  const { id, control, groupName, title, severity, state, counts, nodes, node, people, openings } = alert;
  return {
    id,
    isStorm: alert.stormTarget !== null,
    control,
    group: groupName,
    title,
    severity,
    state,
    counts,
    nodes,
    node,
    people: [...people],
    openedAt: instant(alert.openedAt),
    lastOpenedAt: instant(alert.lastOpenedAt),
    changedAt: instant(alert.changedAt),
    endedAt: instantOrNull(alert.endedAt),
    openings,
  };
}
export type AlertSummary = ReturnType<typeof alertView>;

export async function listAlerts(
  ctx: ServerContext,
  filter: AlertFilter,
  request: ListRequest,
): Promise<ListPage<AlertSummary>> {
  return shownAs(await ctx.store.read.alerts.list(filter, request), alertView);
}

/** An alert, who has it, what each target was told of it and will be told next; null: there is none. */
export async function getAlert(ctx: ServerContext, id: string) {
  const { alerts, notifications } = ctx.store.read;
  const alert = await alerts.line(id);
  if (!alert) return null;
  const acknowledgements = await alerts.acknowledgements(alert, ACKNOWLEDGEMENTS_MAX);
  const inStorm = alert.stormTarget === null ? [] : await alerts.ofStorm(id, OF_STORM_MAX);
  const told = await Promise.all(
    (await notifications.ofAlert(id)).map((known) => toldView(ctx, alert, known)),
  );
  return {
    ...alertView(alert),
    acknowledgements: acknowledgements.map(({ at, until, ...given }) => ({
      ...given,
      at: instant(at),
      until: instantOrNull(until),
    })),
    alerts: inStorm.map(({ id: alertId, control, title, groupName, severity, openedAt }) => ({
      id: alertId,
      control,
      title,
      group: groupName,
      severity,
      openedAt: instant(openedAt),
    })),
    told: told.filter((line) => line !== null).sort((a, b) => (a.target.name < b.target.name ? -1 : 1)),
  };
}

/** What a target was told, and what it will be told next. Null: the target was removed meanwhile. */
async function toldView(ctx: ServerContext, alert: AlertLine, notification: NotificationRecord) {
  const { targets, alerts, deliveries } = ctx.store.read;
  const { targetId, stormId } = notification;
  const target = await targets.get(targetId);
  if (!target) return null;
  const now = ctx.clock.now();
  const pending = (await deliveries.pending(targetId, alert.id, now))?.delivery ?? null;
  const situation = await situationOf({ tx: ctx.store.read }, { alert, target, notification, pending });
  const wishes = {
    // A storm is reminded of as a whole.
    remindAfterMs: stormId === null ? target.remindAfterMs : null,
    stayedAwayMs: ctx.facts.alerts.stayedAwayMs,
  };
  const { at, words } = target.enabled
    ? nextOf(decide(situation.view, situation.notified, wishes, now), pending)
    : { at: null, words: 'nothing more: the target is switched off' };
  const storm = stormId === null ? null : await alerts.get(stormId);
  const { notified } = notification;
  return {
    target: { id: target.id, name: target.name, kind: target.kind },
    // What was said of it last; null: nothing yet.
    last: notified && {
      state: notified.state,
      severity: notified.severity,
      findings: notified.findings,
      at: instant(notified.at),
    },
    storm: storm && { id: storm.id, title: storm.title },
    next: { at: instantOrNull(at), words },
  };
}
