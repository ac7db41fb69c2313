import { Text } from '@castellan/shared/model/bounds';
import { QUERY_LENGTH_MAX } from '@castellan/shared/search/tree';
import { Type } from 'typebox';
import { CatalogueControl, searchControls } from '../../../services/catalogue.js';
import { found } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  app.get(
    '/controls',
    {
      config: { may: 'see' },
      schema: {
        tags: ['catalogue'],
        summary: 'What is checked',
        querystring: Type.Object({ q: Type.Optional(Text(QUERY_LENGTH_MAX)) }),
        response: { 200: Type.Array(CatalogueControl) },
      },
    },
    async ({ query }) => [...searchControls(ctx.catalogue.controls, query.q)],
  );
  app.get(
    '/controls/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['catalogue'],
        summary: 'One control with its page',
        params: IdParams,
        response: { 200: CatalogueControl },
      },
    },
    async ({ params }) => found(ctx.catalogue.controls.find((control) => control.id === params.id) ?? null),
  );
};
export default route;
