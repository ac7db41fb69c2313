import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ServerContext } from '../services/context.js';
import { serveConsole } from './console.js';
import { guard } from './guard.js';
import { answerWithProblems } from './problems.js';
import type { RouteOptions } from './route.js';
import { ROUTES } from './routes.generated.js';

export interface PeoplePortOptions {
  readonly ctx: ServerContext;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** People reach us by https: through our own TLS or a proxy's. */
  readonly isSecure: boolean;
  readonly consoleFolder: string | null;
  readonly signInsPerMinute: number;
}

/** The people's port, not listening yet. */
export async function peoplePort(options: PeoplePortOptions): Promise<FastifyInstance> {
  const { ctx, tls, isSecure } = options;
  const app = newFastify(tls).withTypeProvider<TypeBoxTypeProvider>();
  answerWithProblems(app, ctx);
  await app.register(cookie);
  await app.register(helmet, helmetOptions(isSecure));
  await app.register(rateLimit, { global: false });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Castellan',
        version: ctx.facts.version,
        description:
          "One fleet's posture, on-call and remediations. Writes need the header x-castellan-csrf: 1.",
      },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'castellan_session' } },
      },
      security: [{ session: [] }],
    },
  });
  guard(app, ctx);
  const routeOptions: RouteOptions = { ctx, isSecure, signInsPerMinute: options.signInsPerMinute };
  for (const { default: route, prefix = '/api/v1' } of ROUTES)
    await app.register(route, { prefix, ...routeOptions });
  app.get('/api/openapi.json', { config: { may: 'open' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
  await app.register(async (scope) => {
    // Files are for everybody; what they show is not.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, may: 'open' };
    });
    await serveConsole(scope, options.consoleFolder);
  });
  return app as unknown as FastifyInstance;
}

function newFastify(tls: PeoplePortOptions['tls']): FastifyInstance {
  const common = {
    logger: false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    ajv: { customOptions: { coerceTypes: 'array' as const, removeAdditional: false, strict: false } },
  };
  return tls ? (Fastify({ ...common, https: tls }) as unknown as FastifyInstance) : Fastify(common);
}

/** No inline script or style, nothing from elsewhere, no frame around us. */
function helmetOptions(isSecure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' as const },
  } as const;
}
