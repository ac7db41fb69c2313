import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { casError } from '@castellan/shared/errors/cas-error';
import type { FastifyRequest } from 'fastify';
import { personOf } from '../../../services/sessions.js';
import { SESSION_COOKIE } from '../../guard.js';
import { metricsOf } from '../../metrics.js';
import type { Route } from '../../route.js';

/** Where every scraper looks for it. */
export const prefix = '';

/** For a scraper with the token of the settings, and for whoever is signed in: numbers of a fleet are not for everybody. */
const route: Route = async (app, { ctx, metricsToken }) => {
  const metrics = metricsOf(ctx);
  const hasToken = ({ headers }: FastifyRequest): boolean => {
    const offered = /^Bearer (.{1,512})$/.exec(headers.authorization ?? '')?.[1];
    if (metricsToken === null || offered === undefined) return false;
    return timingSafeEqual(Buffer.from(sha256Hex(offered)), Buffer.from(sha256Hex(metricsToken)));
  };
  app.get('/metrics', { config: { may: 'open' }, schema: { hide: true } }, async (request, reply) => {
    const cookie = request.cookies[SESSION_COOKIE];
    const isSignedIn = cookie !== undefined && (await personOf(ctx, cookie)) !== null;
    if (!isSignedIn && !hasToken(request))
      throw casError('CAS_AUTH_REQUIRED', 'sign in, or send the token of metrics.tokenFile');
    return reply.type(metrics.contentType).send(await metrics.text());
  });
};
export default route;
