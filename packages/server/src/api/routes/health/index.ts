import { Type } from 'typebox';
import type { Route } from '../../route.js';

/** Where every supervisor looks for them. */
export const prefix = '';

const route: Route = async (app, { ctx }) => {
  const Alive = Type.Object({ ok: Type.Boolean(), version: Type.String() });
  app.get(
    '/healthz',
    {
      config: { may: 'open' },
      schema: { tags: ['health'], summary: 'The process lives', response: { 200: Alive } },
    },
    async () => ({
      ok: true,
      version: ctx.facts.version,
    }),
  );
  app.get(
    '/readyz',
    {
      config: { may: 'open' },
      schema: { tags: ['health'], summary: 'The store reads and takes writes', response: { 200: Alive } },
    },
    async () => {
      const wrong = await ctx.health.probe();
      if (wrong) throw wrong;
      return { ok: true, version: ctx.facts.version };
    },
  );
};
export default route;
