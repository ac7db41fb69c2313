import { Type } from 'typebox';
import { serviceAuthorities } from '../../../services/service-authority.js';
import type { Route } from '../../route.js';
import { ServiceAuthority } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  app.get(
    '/service-authorities',
    {
      config: { may: 'see' },
      schema: {
        tags: ['certificates'],
        summary: 'The authorities that sign certificates of services, for those who are to trust them',
        response: { 200: Type.Object({ items: Type.Array(ServiceAuthority) }) },
      },
    },
    async () => ({ items: [...(await serviceAuthorities(ctx))] }),
  );
};
export default route;
