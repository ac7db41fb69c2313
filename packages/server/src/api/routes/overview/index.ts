import { Instant } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { overview } from '../../../services/fleet.js';
import type { Route } from '../../route.js';
import { OpenCounts, orNull } from '../../shapes.js';

const Count = Type.Integer({ minimum: 0 });
const Overview = Type.Object({
  nodes: Type.Object({ total: Count, connected: Count, silent: Count }),
  findings: Type.Object({ open: Count, stale: Count, bySeverity: OpenCounts }),
  deliveries: Type.Object({ pending: Count, dead: Count, oldestPendingAt: orNull(Instant) }),
});

const route: Route = async (app, { ctx }) => {
  app.get(
    '/overview',
    {
      config: { may: 'see' },
      schema: { tags: ['overview'], summary: 'The fleet in numbers', response: { 200: Overview } },
    },
    async () => overview(ctx),
  );
};
export default route;
