import { RawText, Text } from '@castellan/shared/model/bounds';
import { Digest, Id } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { approvePlan } from '../../../services/approve-plan.js';
import { getPlan, listPlans } from '../../../services/fleet.js';
import { PLAN_SORTS } from '../../../services/lists.js';
import { requestPlan } from '../../../services/request-plan.js';
import { actorIn } from '../../guard.js';
import { mountList } from '../../list.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, oneOf, PLAN_STATES, PlanLine, PlanShape } from '../../shapes.js';

const PlanOrder = Type.Object({
  nodeId: Id,
  remediation: Type.String({ maxLength: 64, pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  params: Type.Record(Text(64), RawText(16_384), {
    maxProperties: 32,
  }),
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
  mountList(app, {
    path: '/plans',
    may: 'see',
    tag: 'plans',
    summary: 'Plans, newest first as usual. `state=ready`: those that wait for an approval',
    sorts: PLAN_SORTS,
    filters: {
      state: Type.Optional(oneOf(PLAN_STATES)),
      remediation: Type.Optional(Text(64)),
      node: Type.Optional(Text(128)),
      approvableBy: Type.Optional(
        Type.String({
          maxLength: 256,
          description:
            'As `user:NAME`: without what this person asked for where another must approve (`plans.twoPersons`)',
        }),
      ),
    },
    item: PlanLine,
    read: ({ node, q, ...filter }, request) =>
      listPlans(ctx, { ...filter, ...(node ? { nodeId: node } : {}), ...(q ? { text: q } : {}) }, request),
    csv: [
      ['id', ({ id }) => id],
      ['remediation', ({ remediation }) => remediation],
      ['state', ({ state }) => state],
      ['node', ({ node }) => node.name],
      ['requested_by', ({ requestedBy }) => requestedBy],
      ['requested_at', ({ requestedAt }) => requestedAt],
      ['expires_at', ({ expiresAt }) => expiresAt],
      ['run', ({ runId }) => runId],
      ['error', ({ error }) => error && `${error.code}: ${error.detail}`],
    ],
  });
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
