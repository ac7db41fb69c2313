import { Text } from '@castellan/shared/model/bounds';
import { Type } from 'typebox';
import { revokeNode } from '../../../services/enrol-node.js';
import { getNode, listNodes } from '../../../services/fleet.js';
import { actorIn } from '../../guard.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, Node, NodeWithVerdicts, PageQuery, pageOf } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  app.get(
    '/nodes',
    {
      config: { may: 'see' },
      schema: {
        tags: ['nodes'],
        summary: 'Nodes by name',
        querystring: Type.Object(PageQuery),
        response: { 200: pageOf(Node) },
      },
    },
    async ({ query }) => {
      const { items, next } = await listNodes(ctx, { limit: query.limit, cursor: query.cursor ?? null });
      return { items: [...items], next };
    },
  );
  app.get(
    '/nodes/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['nodes'],
        summary: 'A node and what was last seen on it',
        params: IdParams,
        response: { 200: NodeWithVerdicts },
      },
    },
    async ({ params }) => found(await getNode(ctx, params.id)),
  );
  app.post(
    '/nodes/:id/revoke',
    {
      config: { may: 'node.revoke' },
      schema: {
        tags: ['nodes'],
        summary: "Revoke a node's certificate and close its connection",
        params: IdParams,
        body: Type.Object({ reason: Text(512, 1) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await revokeNode(ctx, actorIn(request), request.params.id, request.body.reason));
      return reply.status(204).send(null);
    },
  );
};
export default route;
