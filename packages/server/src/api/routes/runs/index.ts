import { Text } from '@castellan/shared/model/bounds';
import { Type } from 'typebox';
import { getRun, listRuns } from '../../../services/fleet.js';
import { found } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, PageQuery, pageOf, Run, RunWithEvents } from '../../shapes.js';

const Query = Type.Object({ ...PageQuery, node: Type.Optional(Text(128)) });

const route: Route = async (app, { ctx }) => {
  app.get(
    '/runs',
    {
      config: { may: 'see' },
      schema: {
        tags: ['runs'],
        summary: 'Runs, newest first',
        querystring: Query,
        response: { 200: pageOf(Run) },
      },
    },
    async ({ query }) => {
      const { items, next } = await listRuns(ctx, query.node ?? null, {
        limit: query.limit,
        cursor: query.cursor ?? null,
      });
      return { items: [...items], next };
    },
  );
  app.get(
    '/runs/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['runs'],
        summary: 'A run and its progress',
        params: IdParams,
        response: { 200: RunWithEvents },
      },
    },
    async ({ params }) => found(await getRun(ctx, params.id)),
  );
};
export default route;
