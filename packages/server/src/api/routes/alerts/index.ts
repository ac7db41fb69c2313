import { Text } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Severity } from '@castellan/shared/model/severity-schema';
import { Type } from 'typebox';
import {
  ACKNOWLEDGED_AT_ONCE_MAX,
  acknowledgeAlert,
  undoAcknowledgeAlert,
} from '../../../services/acknowledge.js';
import { getAlert, listAlerts } from '../../../services/alerts/look-up.js';
import { ALERT_SORTS } from '../../../services/lists.js';
import { actorIn } from '../../guard.js';
import { mountList } from '../../list.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { AlertShape, AlertWithTold, IdParams, oneOf } from '../../shapes.js';

const Count = Type.Integer({ minimum: 0 });

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/alerts',
    may: 'see',
    tag: 'alerts',
    summary:
      'Alerts: as usual those first that nobody has, of them the worst, then the newest change. Without `state`: the active ones',
    sorts: ALERT_SORTS,
    filters: {
      state: Type.Optional(oneOf(['active', 'ended', 'all'])),
      severity: Type.Optional(Severity),
      control: Type.Optional(Text(32)),
      group: Type.Optional(Text(64)),
      kind: Type.Optional(oneOf(['alert', 'storm'])),
    },
    item: AlertShape,
    read: ({ state = 'active', q, ...filter }, request) =>
      listAlerts(ctx, { state, ...filter, ...(q === undefined ? {} : { text: q }) }, request),
    csv: [
      ['id', ({ id }) => id],
      ['severity', ({ severity }) => severity],
      ['state', ({ state }) => state],
      ['control', ({ control }) => control],
      ['title', ({ title }) => title],
      ['group', ({ group }) => group],
      ['nodes', ({ nodes }) => nodes],
      ['open', ({ counts }) => counts.open],
      ['acknowledged', ({ counts }) => counts.acknowledged],
      ['held', ({ counts }) => counts.held],
      ['acknowledged_by', ({ people }) => people.join(' ')],
      ['opened_at', ({ openedAt }) => openedAt],
      ['changed_at', ({ changedAt }) => changedAt],
      ['ended_at', ({ endedAt }) => endedAt],
    ],
  });
  app.get(
    '/alerts/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['alerts'],
        summary:
          'An alert, who has it, what each target was told of it and will be told next. Its findings: GET /findings?alert=ID; its deliveries: GET /deliveries?alert=ID',
        params: IdParams,
        response: { 200: AlertWithTold },
      },
    },
    async ({ params }) => found(await getAlert(ctx, params.id)),
  );
  app.post(
    '/alerts/:id/acknowledge',
    {
      config: { may: 'finding.acknowledge' },
      schema: {
        tags: ['alerts'],
        summary: `Say that somebody has all of its open findings, until an instant or until they are resolved; at most ${ACKNOWLEDGED_AT_ONCE_MAX} at once`,
        params: IdParams,
        body: Type.Object({ comment: Type.Optional(Text(1024)), until: Type.Optional(Instant) }),
        response: { 200: Type.Object({ acknowledged: Count, left: Count }) },
      },
    },
    async (request) => {
      const { comment = '', until } = request.body;
      const order = { note: comment, until: until === undefined ? null : Date.parse(until) };
      return unwrap(await acknowledgeAlert(ctx, actorIn(request), request.params.id, order));
    },
  );
  app.post(
    '/alerts/:id/unacknowledge',
    {
      config: { may: 'finding.acknowledge' },
      schema: {
        tags: ['alerts'],
        summary: `Take the acknowledgements of its findings back: they are open, and page again; at most ${ACKNOWLEDGED_AT_ONCE_MAX} at once`,
        params: IdParams,
        body: Type.Object({ comment: Type.Optional(Text(1024)) }),
        response: { 200: Type.Object({ reopened: Count, left: Count }) },
      },
    },
    async (request) =>
      unwrap(
        await undoAcknowledgeAlert(ctx, actorIn(request), request.params.id, request.body.comment ?? ''),
      ),
  );
};
export default route;
