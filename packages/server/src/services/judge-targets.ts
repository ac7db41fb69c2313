import { ownVerdict } from '../domain/own-controls.js';
import { isFailing, TARGET_CONTROL, targetSummary } from '../domain/target-health.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { commit } from './unit.js';

/** Opens and ends the findings about targets that take nothing. They are the server's own, one for each target. */
export async function judgeTargets(ctx: ServerContext): Promise<void> {
  const { targets, findings } = ctx.store.read;
  const failing = new Map(
    (await targets.all())
      .filter((target) => isFailing(target, ctx.clock.now()))
      .map((one) => [one.name, one]),
  );
  const active = await findings.activeOfControls([TARGET_CONTROL]);
  const told = new Set(active.map(({ subject }) => subject));
  const verdicts = [
    ...[...failing.values()]
      .filter(({ name }) => !told.has(name))
      .map((target) =>
        ownVerdict(TARGET_CONTROL, { status: 'fail', subject: target.name, summary: targetSummary(target) }),
      ),
    ...active
      .filter(({ subject }) => !failing.has(subject))
      .map(({ subject }) =>
        ownVerdict(TARGET_CONTROL, {
          status: 'pass',
          subject,
          summary: `The target "${subject}" does not fail.`,
        }),
      ),
  ];
  if (verdicts.length === 0) return;
  const { serverId } = ctx.facts;
  await commit(ctx, async (unit) => {
    await unit.tx.nodes.putServer(serverId, unit.now);
    for (const verdict of verdicts) await moveFinding(unit, serverId, verdict);
  });
}
