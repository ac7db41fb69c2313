import { BlockList, isIPv6 } from 'node:net';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ServerContext } from '../services/context.js';
import { limitNewConnections } from '../services/new-connections.js';
import { serveConsole } from './console.js';
import { guard } from './guard.js';
import { lazyCompilers } from './lazy-schemas.js';
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
  readonly metricsToken: string | null;
  /** Networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** The console listener, not listening yet. */
export async function peoplePort(options: PeoplePortOptions): Promise<FastifyInstance> {
  const { ctx, tls, isSecure } = options;
  const app = newFastify(tls, options.trustedProxies).withTypeProvider<TypeBoxTypeProvider>();
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
  const connections = limitNewConnections(app.server, { isExempt: isOf(options.trustedProxies) });
  app.addHook('preClose', async () => connections.end());
  guard(app, ctx, (request) => connections.know(request.raw.socket));
  const { signInsPerMinute, metricsToken } = options;
  const routeOptions: RouteOptions = { ctx, isSecure, signInsPerMinute, metricsToken };
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

/** A trusted proxy brings everybody: what it lets through is its own to bound. */
function isOf(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false;
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return trusted.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}

/** What a connection may take before it has sent a whole request head, ms. */
const SLOW = { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 } as const;

function newFastify(tls: PeoplePortOptions['tls'], trustedProxies: readonly string[]): FastifyInstance {
  const common = {
    logger: false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    ajv: { customOptions: { coerceTypes: 'array' as const, removeAdditional: false, strict: false } },
    schemaController: { compilersFactory: lazyCompilers() },
  };
  if (!tls) return Fastify({ ...common, http: SLOW });
  const https = { ...tls, ...SLOW, handshakeTimeout: 5_000 };
  return Fastify({ ...common, https }) as unknown as FastifyInstance;
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
