import { replayDelivery } from '../../../services/deliveries.js';
import { actorIn } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { Delivery, IdParams } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  app.post(
    '/deliveries/:id/replay',
    {
      config: { may: 'delivery.replay' },
      schema: {
        tags: ['targets'],
        summary: 'Try a dead letter again',
        params: IdParams,
        response: { 200: Delivery },
      },
    },
    async (request) => unwrap(await replayDelivery(ctx, actorIn(request), request.params.id)),
  );
};
export default route;
