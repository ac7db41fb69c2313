import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ServerContext } from '../services/context.js';

export interface RouteOptions {
  readonly ctx: ServerContext;
  /** The session's cookie is for https only. */
  readonly isSecure: boolean;
  readonly signInsPerMinute: number;
  /** What a scraper of /metrics shows; null: there is none. */
  readonly metricsToken: string | null;
}

/** A resource's plug-in. */
export type Route = FastifyPluginAsyncTypebox<RouteOptions>;

/** A folder of routes, as the generated registry mounts it. */
export interface RouteModule {
  readonly default: Route;
  /** Where it is mounted: `/api/v1`, unless it says otherwise. */
  readonly prefix?: string;
}
