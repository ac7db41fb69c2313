import { Type } from 'typebox';
import type { Route } from '../../route.js';

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
      schema: { tags: ['health'], summary: 'The store answers', response: { 200: Alive } },
    },
    async () => {
      await ctx.store.read.nodes.count();
      return { ok: true, version: ctx.facts.version };
    },
  );
};
export default route;
