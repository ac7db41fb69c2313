import { Type } from 'typebox';
import { CatalogueControl } from '../../../services/catalogue.js';
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
        response: { 200: Type.Array(CatalogueControl) },
      },
    },
    async () => [...ctx.catalogue.controls],
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
