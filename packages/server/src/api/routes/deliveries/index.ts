import { Text } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import {
  getDelivery,
  listDeliveries,
  REPLAYED_AT_ONCE_MAX,
  replayDead,
  replayDelivery,
} from '../../../services/deliveries.js';
import { ALERT_TYPES, DELIVERY_SORTS, REASONS } from '../../../services/lists.js';
import { actorIn } from '../../guard.js';
import { mountList } from '../../list.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { DELIVERY_STATES, Delivery, IdParams, oneOf } from '../../shapes.js';

const Count = Type.Integer({ minimum: 0 });

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/deliveries',
    may: 'see',
    tag: 'deliveries',
    summary:
      'Deliveries of alerts to targets, newest first as usual. `sort=next`: those that wait, the soonest first',
    sorts: DELIVERY_SORTS,
    filters: {
      state: Type.Optional(oneOf(DELIVERY_STATES)),
      target: Type.Optional(Text(64)),
      type: Type.Optional(oneOf(ALERT_TYPES)),
      reason: Type.Optional(oneOf(REASONS)),
      alert: Type.Optional(Text(64)),
    },
    item: Delivery,
    read: ({ q, ...filter }, request) =>
      listDeliveries(ctx, { ...filter, ...(q === undefined ? {} : { text: q }) }, request),
    csv: [
      ['id', ({ id }) => id],
      ['state', ({ state }) => state],
      ['target', ({ target }) => target.name ?? target.id],
      ['type', ({ type }) => type],
      ['reason', ({ reason }) => reason],
      ['alert', ({ alert }) => alert?.id ?? null],
      ['title', ({ alert }) => alert?.title ?? null],
      ['created_at', ({ createdAt }) => createdAt],
      ['delivered_at', ({ deliveredAt }) => deliveredAt],
      ['attempts', ({ attempts }) => attempts],
      ['last_status', ({ lastStatus }) => lastStatus],
      ['last_problem', ({ lastProblem }) => lastProblem],
    ],
  });
  app.get(
    '/deliveries/:id',
    {
      config: { may: 'see' },
      schema: { tags: ['deliveries'], summary: 'A delivery', params: IdParams, response: { 200: Delivery } },
    },
    async ({ params }) => found(await getDelivery(ctx, params.id)),
  );
  app.post(
    '/deliveries/:id/replay',
    {
      config: { may: 'delivery.replay' },
      schema: {
        tags: ['deliveries'],
        summary: 'Try a dead letter again',
        params: IdParams,
        response: { 200: Delivery },
      },
    },
    async (request) => unwrap(await replayDelivery(ctx, actorIn(request), request.params.id)),
  );
  app.post(
    '/deliveries/replay',
    {
      config: { may: 'delivery.replay' },
      schema: {
        tags: ['deliveries'],
        summary: `Try dead letters again: those of a target or of all, since an instant or ever; the newest, at most ${REPLAYED_AT_ONCE_MAX} at once`,
        body: Type.Object({ target: Type.Optional(Text(64, 1)), since: Type.Optional(Instant) }),
        response: { 200: Type.Object({ replayed: Count, dropped: Count, left: Count }) },
      },
    },
    async (request) => {
      const { target, since } = request.body;
      const of = { targetId: target ?? null, since: since === undefined ? 0 : Date.parse(since) };
      return unwrap(await replayDead(ctx, actorIn(request), of));
    },
  );
};
export default route;
