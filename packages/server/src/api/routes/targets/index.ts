import { Text, Whole } from '@castellan/shared/model/bounds';
import { Severity } from '@castellan/shared/model/severity-schema';
import { Type } from 'typebox';
import {
  changeTarget,
  createTarget,
  DECIDE_AHEAD_MS_MAX,
  listChannels,
  listTargets,
  previewTarget,
  REMIND_AFTER_MS_MIN,
  removeTarget,
  testTarget,
  tryTarget,
} from '../../../services/targets.js';
import { actorIn } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, orNull, Target, Values } from '../../shapes.js';

const CreateTarget = Type.Object({
  name: Text(128, 1),
  kind: Text(32, 1),
  enabled: Type.Boolean({ default: true }),
  severityMin: Type.Unsafe<Severity>({ ...Severity, default: 'low' }),
  settings: Values({ description: "As the channel's schema says: see GET /channels" }),
  secrets: Type.Optional(
    Values({
      description: 'Write-only. Left out: made and shown once where the channel can, or kept as they are',
    }),
  ),
  remindAfterMs: Type.Optional(orNull(Whole(REMIND_AFTER_MS_MIN, DECIDE_AHEAD_MS_MAX))),
  fallbackId: Type.Optional(orNull(Text(64))),
  isFallback: Type.Optional(Type.Boolean()),
});
const TryTarget = Type.Object({
  id: Type.Optional(Text(64)),
  kind: CreateTarget.properties.kind,
  settings: CreateTarget.properties.settings,
  secrets: CreateTarget.properties.secrets,
});
const NewTarget = Type.Object({ ...Target.properties, secrets: Type.Optional(Values({})) });
const ChannelShape = Type.Object({
  kind: Type.String(),
  title: Type.String(),
  settings: Type.Unknown({ description: 'JSON Schema' }),
  secrets: Type.Unknown({ description: 'JSON Schema' }),
  makesSecrets: Type.Boolean({ description: 'Secrets that are left out are made' }),
});
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
  app.get(
    '/channels',
    {
      config: { may: 'see' },
      schema: {
        tags: ['targets'],
        summary: 'The kinds of targets, and what each is set up with',
        response: { 200: Type.Object({ items: Type.Array(ChannelShape), next: orNull(Type.String()) }) },
      },
    },
    async () => ({ items: listChannels(ctx), next: null }),
  );
  app.post(
    '/targets/test',
    {
      config: { may: 'target.test', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        tags: ['targets'],
        summary: 'Send a test before the target is saved',
        body: TryTarget,
        response: { 200: TestResult },
      },
    },
    async (request) => unwrap(await tryTarget(ctx, actorIn(request), request.body)),
  );
  app.post(
    '/targets/preview',
    {
      config: { may: 'see' },
      schema: {
        tags: ['targets'],
        summary: 'What a target of a kind would be sent, for an example',
        body: Type.Object({ kind: Text(32, 1), settings: CreateTarget.properties.settings }),
        response: { 200: Type.Object({ text: Type.String() }) },
      },
    },
    async ({ body }) => ({ text: previewTarget(ctx, body) }),
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
};
export default route;
