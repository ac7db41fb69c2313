import { RawText, Text } from '@castellan/shared/model/bounds';
import { Digest, Id } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { approvePlan } from '../../../services/approve-plan.js';
import { getPlan, listPlans } from '../../../services/fleet.js';
import { requestPlan } from '../../../services/request-plan.js';
import { actorIn } from '../../guard.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, oneOf, PageQuery, PLAN_STATES, PlanLine, PlanShape, pageOf } from '../../shapes.js';

const PlanOrder = Type.Object({
  nodeId: Id,
  remediation: Type.String({ maxLength: 64, pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  params: Type.Record(Text(64), RawText(16_384), {
    maxProperties: 32,
  }),
});

const Query = Type.Object({
  ...PageQuery,
  state: Type.Optional(oneOf(PLAN_STATES)),
  node: Type.Optional(Text(128)),
});

const route: Route = async (app, { ctx }) => {
  app.post(
    '/plans',
    {
      config: { may: 'plan.request' },
      schema: {
        tags: ['plans'],
        summary: 'Ask a node what a remediation would change',
        body: PlanOrder,
        response: { 202: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) =>
      reply.status(202).send(unwrap(await requestPlan(ctx, actorIn(request), request.body))),
  );
  app.get(
    '/plans',
    {
      config: { may: 'see' },
      schema: {
        tags: ['plans'],
        summary: 'Plans, newest first. `state=ready`: those that wait for an approval',
        querystring: Query,
        response: { 200: pageOf(PlanLine) },
      },
    },
    async ({ query }) => {
      const { limit, cursor, state, node } = query;
      const filter = { ...(state ? { state } : {}), ...(node ? { nodeId: node } : {}) };
      const { items, next } = await listPlans(ctx, filter, { limit, cursor: cursor ?? null });
      return { items: [...items], next };
    },
  );
  app.get(
    '/plans/:id',
    {
      config: { may: 'see' },
      schema: { tags: ['plans'], summary: 'A plan', params: IdParams, response: { 200: PlanShape } },
    },
    async ({ params }) => found(await getPlan(ctx, params.id)),
  );
  app.post(
    '/plans/:id/approve',
    {
      config: { may: 'plan.approve' },
      schema: {
        tags: ['plans'],
        summary: 'Approve the plan of this digest: it is carried out',
        params: IdParams,
        body: Type.Object({ digest: Digest }),
        response: { 201: Type.Object({ runId: Type.String() }) },
      },
    },
    async (request, reply) =>
      reply
        .status(201)
        .send(unwrap(await approvePlan(ctx, actorIn(request), request.params.id, request.body.digest))),
  );
};
export default route;
