import { Text } from '@castellan/shared/model/bounds';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeOwnPassword, PERMISSIONS, permissionsOf } from '../../../services/people.js';
import { placeOf } from '../../../services/place-of.js';
import { type Person as SignedInPerson, signIn, signOut } from '../../../services/sessions.js';
import { personIn, SESSION_COOKIE } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { oneOf, Person } from '../../shapes.js';

const SignedIn = Type.Object({
  /** With what they may do, so that nothing is offered which would be refused. */
  user: Type.Object({ ...Person.properties, permissions: Type.Array(oneOf(PERMISSIONS)) }),
});

function shown(person: SignedInPerson) {
  return { user: { name: person.name, role: person.role, permissions: permissionsOf(person.role) } };
}

const route: Route = async (app, { ctx, isSecure, signInsPerMinute }) => {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
  app.post(
    '/session',
    {
      config: {
        may: 'open',
        rateLimit: {
          max: signInsPerMinute,
          timeWindow: 60_000,
          keyGenerator: (request: FastifyRequest) => placeOf(request.ip),
        },
      },
      schema: {
        tags: ['session'],
        summary: 'Sign in',
        body: Type.Object({
          name: Text(256),
          password: Text(1024),
        }),
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      const session = unwrap(
        await signIn(ctx, request.body.name, request.body.password, placeOf(request.ip)),
      );
      reply.setCookie(SESSION_COOKIE, session.cookie, { ...cookie, maxAge: session.maxAgeMs / 1000 });
      return shown(session.person);
    },
  );
  app.get(
    '/session',
    {
      config: { may: 'see' },
      schema: { tags: ['session'], summary: 'Who is signed in', response: { 200: SignedIn } },
    },
    async (request) => shown(personIn(request)),
  );
  app.put(
    '/session/password',
    {
      config: { may: 'see' },
      schema: {
        tags: ['session'],
        summary: "Change one's own password; one's other sessions end",
        body: Type.Object({ oldPassword: Text(1024), password: Text(1024) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const cookie = request.cookies[SESSION_COOKIE] ?? '';
      const change = { ...request.body, cookie, address: placeOf(request.ip) };
      unwrap(await changeOwnPassword(ctx, personIn(request), change));
      return reply.status(204).send(null);
    },
  );
  app.delete(
    '/session',
    {
      config: { may: 'see' },
      schema: { tags: ['session'], summary: 'Sign out', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      unwrap(await signOut(ctx, personIn(request), request.cookies[SESSION_COOKIE] ?? ''));
      reply.clearCookie(SESSION_COOKIE, cookie);
      return reply.status(204).send(null);
    },
  );
};
export default route;
