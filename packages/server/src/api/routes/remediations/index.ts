import { Type } from 'typebox';
import { CatalogueRemediation } from '../../../services/catalogue.js';
import type { Route } from '../../route.js';

const route: Route = async (app, { ctx }) => {
  app.get(
    '/remediations',
    {
      config: { may: 'see' },
      schema: {
        tags: ['catalogue'],
        summary: 'What can be mended',
        response: { 200: Type.Array(CatalogueRemediation) },
      },
    },
    async () => [...ctx.catalogue.remediations],
  );
};
export default route;
