import { Text } from '@castellan/shared/model/bounds';
import { Severity } from '@castellan/shared/model/severity';
import { Type } from 'typebox';
import {
  changeTarget,
  createTarget,
  listDeliveries,
  listTargets,
  removeTarget,
  testTarget,
} from '../../../services/targets.js';
import { actorIn } from '../../guard.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { Delivery, IdParams, orNull, Target } from '../../shapes.js';

const CreateTarget = Type.Object({
  name: Text(128, 1),
  url: Text(2048, 1),
  enabled: Type.Boolean({ default: true }),
  severityMin: Type.Unsafe<Severity>({ ...Severity, default: 'low' }),
  secret: Type.Optional(
    Type.String({
      maxLength: 256,
      description: 'Write-only: whsec_ and base64. Left out, one is made and shown once.',
    }),
  ),
});
const NewTarget = Type.Object({ ...Target.properties, secret: Type.Optional(Type.String()) });
const TestResult = Type.Object({
  ok: Type.Boolean(),
  status: orNull(Type.Integer()),
  ms: Type.Integer(),
  detail: Type.String(),
});

const route: Route = async (app, { ctx }) => {
  app.get(
    '/targets',
    {
      config: { may: 'see' },
      schema: {
        tags: ['targets'],
        summary: 'Where pages go',
        response: { 200: Type.Object({ items: Type.Array(Target), next: orNull(Type.String()) }) },
      },
    },
    async () => ({ items: await listTargets(ctx), next: null }),
  );
  app.post(
    '/targets',
    {
      config: { may: 'target.write' },
      schema: {
        tags: ['targets'],
        summary: 'A new target',
        body: CreateTarget,
        response: { 201: NewTarget },
      },
    },
    async (request, reply) =>
      reply.status(201).send(unwrap(await createTarget(ctx, actorIn(request), request.body))),
  );
  app.put(
    '/targets/:id',
    {
      config: { may: 'target.write' },
      schema: {
        tags: ['targets'],
        summary: 'Change a target',
        params: IdParams,
        body: CreateTarget,
        response: { 200: Target },
      },
    },
    async (request) => unwrap(await changeTarget(ctx, actorIn(request), request.params.id, request.body)),
  );
  app.delete(
    '/targets/:id',
    {
      config: { may: 'target.write' },
      schema: {
        tags: ['targets'],
        summary: 'Remove a target',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await removeTarget(ctx, actorIn(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/targets/:id/test',
    {
      config: { may: 'target.test', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        tags: ['targets'],
        summary: 'Send a signed test',
        params: IdParams,
        response: { 200: TestResult },
      },
    },
    async (request) => unwrap(await testTarget(ctx, actorIn(request), request.params.id)),
  );
  app.get(
    '/targets/:id/deliveries',
    {
      config: { may: 'see' },
      schema: {
        tags: ['targets'],
        summary: 'The last 200 deliveries, newest first',
        params: IdParams,
        response: { 200: Type.Object({ items: Type.Array(Delivery), next: orNull(Type.String()) }) },
      },
    },
    async ({ params }) => ({ items: found(await listDeliveries(ctx, params.id)), next: null }),
  );
};
export default route;
