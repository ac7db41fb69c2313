import { assert } from '@castellan/shared/base/assert';
import { casError } from '@castellan/shared/errors/cas-error';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { ServerContext } from '../services/context.js';
import { mayDo, type Permission } from '../services/people.js';
import { type Person, personOf } from '../services/sessions.js';

export const SESSION_COOKIE = 'castellan_session';
export const CSRF_HEADER = 'x-castellan-csrf';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a person must be allowed to do; `open` is for nobody signed in. A route that says nothing keeps the server from starting. */
    may?: Permission | 'open';
  }
  interface FastifyRequest {
    person: Person | null;
  }
}

/** Who asks, whether they may, and whether a browser sent it of its own accord. */
export function guard(
  app: FastifyInstance,
  ctx: ServerContext,
  signedIn: (request: FastifyRequest) => void = () => undefined,
): void {
  requirePermissions(app);
  app.decorateRequest('person', null);
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { may } = request.routeOptions.config;
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    // A form on another site cannot send a header of its own.
    if (isWrite && request.headers[CSRF_HEADER] !== '1') throw casError('CAS_CSRF');
    if (may === 'open') return;
    const cookie = request.cookies[SESSION_COOKIE];
    request.person = cookie === undefined ? null : await personOf(ctx, cookie);
    if (!request.person) throw casError('CAS_AUTH_REQUIRED');
    signedIn(request);
    assert(may !== undefined, `${request.method} ${request.routeOptions.url} says not who may`);
    if (!mayDo(request.person.role, may))
      throw casError('CAS_AUTH_FORBIDDEN', `${request.person.role} may not do this`);
  });
}

/** Asked when all routes are known: a scope may still give its routes their permission after they were added. */
function requirePermissions(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    const silent = routes.filter(({ config }) => config?.may === undefined);
    assert(
      silent.length === 0,
      `these routes say not who may: ${silent.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
    );
  });
}

/** Who it is, in a route that is closed. */
export function personIn(request: FastifyRequest): Person {
  assert(request.person, 'a closed route has a person');
  return request.person;
}

export function actorIn(request: FastifyRequest): string {
  return `user:${personIn(request).name}`;
}
