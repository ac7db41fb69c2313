import { Text } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import {
  createUser,
  endSessions,
  listUsers,
  ROLES,
  setEnabled,
  setPassword,
  setRole,
  userName,
} from '../../../services/people.js';
import { listSessions } from '../../../services/sessions.js';
import { actorIn } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, oneOf, orNull, Person, Session } from '../../shapes.js';

const Role = oneOf(ROLES);
const Account = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  enabled: Type.Boolean(),
  createdAt: Instant,
  lastSignInAt: orNull(Instant),
  sessions: Type.Integer(),
});
const may = { may: 'user.manage' } as const;
const Done = { 204: Type.Null() };

const route: Route = async (app, { ctx }) => {
  const describe = (summary: string) => ({ tags: ['users'], summary });
  app.get(
    '/users',
    {
      config: may,
      schema: {
        ...describe('People who may sign in'),
        response: { 200: Type.Object({ items: Type.Array(Account), next: Type.Null() }) },
      },
    },
    async () => ({ items: await listUsers(ctx), next: null }),
  );
  app.post(
    '/users',
    {
      config: may,
      schema: {
        ...describe('A new person'),
        body: Type.Object({ name: Text(64, 1), role: Role, password: Text(1024) }),
        response: { 201: Person },
      },
    },
    async (request, reply) =>
      reply.status(201).send(unwrap(await createUser(ctx, actorIn(request), request.body))),
  );
  app.post(
    '/users/:id/disable',
    {
      config: may,
      schema: {
        ...describe('Disable a person: every session ends, and nobody signs in with the name'),
        params: IdParams,
        response: Done,
      },
    },
    async (request, reply) => {
      const name = await userName(ctx, request.params.id);
      unwrap(await setEnabled(ctx, actorIn(request), name, false));
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/users/:id/enable',
    {
      config: may,
      schema: { ...describe('Enable a person again'), params: IdParams, response: Done },
    },
    async (request, reply) => {
      const name = await userName(ctx, request.params.id);
      unwrap(await setEnabled(ctx, actorIn(request), name, true));
      return reply.status(204).send(null);
    },
  );
  app.put(
    '/users/:id/role',
    {
      config: may,
      schema: {
        ...describe('Give a person another role'),
        params: IdParams,
        body: Type.Object({ role: Role }),
        response: Done,
      },
    },
    async (request, reply) => {
      const name = await userName(ctx, request.params.id);
      unwrap(await setRole(ctx, actorIn(request), name, request.body.role));
      return reply.status(204).send(null);
    },
  );
  app.put(
    '/users/:id/password',
    {
      config: may,
      schema: {
        ...describe("Set somebody else's password: every session of theirs ends"),
        params: IdParams,
        body: Type.Object({ password: Text(1024) }),
        response: Done,
      },
    },
    async (request, reply) => {
      const name = await userName(ctx, request.params.id);
      unwrap(await setPassword(ctx, actorIn(request), name, request.body.password));
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/users/:id/sessions',
    {
      config: may,
      schema: {
        ...describe('The sessions of a person, newest first'),
        params: IdParams,
        response: { 200: Type.Array(Session) },
      },
    },
    async ({ params }) => listSessions(ctx, await userName(ctx, params.id)),
  );
  app.delete(
    '/users/:id/sessions',
    {
      config: may,
      schema: {
        ...describe('Sign a person out everywhere'),
        params: IdParams,
        response: { 200: Type.Object({ ended: Type.Integer() }) },
      },
    },
    async (request) => {
      const name = await userName(ctx, request.params.id);
      return { ended: unwrap(await endSessions(ctx, actorIn(request), name)) };
    },
  );
};
export default route;
