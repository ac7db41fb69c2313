import { Instant } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { listAudit } from '../../../services/fleet.js';
import type { Route } from '../../route.js';
import { oneOf, PageQuery, pageOf } from '../../shapes.js';

const AuditLine = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  actor: Type.String(),
  action: Type.String(),
  object: Type.String(),
  outcome: oneOf(['ok', 'refused', 'failed']),
  detail: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String(),
});

const route: Route = async (app, { ctx }) => {
  app.get(
    '/audit',
    {
      config: { may: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Who did what, newest first',
        querystring: Type.Object(PageQuery),
        response: { 200: pageOf(AuditLine) },
      },
    },
    async ({ query }) => listAudit(ctx, { limit: query.limit, cursor: query.cursor ?? null }),
  );
};
export default route;
