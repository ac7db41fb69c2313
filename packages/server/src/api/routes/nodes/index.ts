import { Text } from '@castellan/shared/model/bounds';
import { NodeName } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { getNode, listNodes } from '../../../services/fleet.js';
import { LINKS, NODE_SORTS, WORST } from '../../../services/lists.js';
import { deleteNode, moveNode, renameNode, retireNode, revokeNode } from '../../../services/nodes.js';
import { actorIn } from '../../guard.js';
import { mountList } from '../../list.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, Node, NodeWithVerdicts, oneOf } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/nodes',
    may: 'see',
    tag: 'nodes',
    summary: 'Nodes, by name as usual: those that are looked after, or the retired ones',
    sorts: NODE_SORTS,
    filters: {
      retired: Type.Optional(Type.Boolean()),
      group: Type.Optional(Text(64)),
      worst: Type.Optional(oneOf(WORST)),
      link: Type.Optional(oneOf(LINKS)),
      momentum: Type.Optional(Text(64)),
      agent: Type.Optional(Text(64)),
    },
    item: Node,
    read: ({ retired, q, ...filter }, request) =>
      listNodes(ctx, { ...filter, isRetired: retired ?? false, ...(q ? { text: q } : {}) }, request),
    csv: [
      ['name', ({ name }) => name],
      ['id', ({ id }) => id],
      ['group', ({ group }) => group],
      ['connected', ({ connected }) => connected],
      ['revoked', ({ revoked }) => revoked],
      ['last_seen_at', ({ lastSeenAt }) => lastSeenAt],
      ['critical', ({ open }) => open.critical],
      ['high', ({ open }) => open.high],
      ['medium', ({ open }) => open.medium],
      ['low', ({ open }) => open.low],
      ['momentum', ({ description }) => description?.momentum.version ?? null],
      ['agent', ({ agentVersion }) => agentVersion],
      ['certificate_not_after', ({ certificateNotAfter }) => certificateNotAfter],
      ['retired_at', ({ retiredAt }) => retiredAt],
    ],
  });
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
  app.post(
    '/nodes/:id/rename',
    {
      config: { may: 'node.change' },
      schema: {
        tags: ['nodes'],
        summary: 'Rename a node',
        params: IdParams,
        body: Type.Object({ name: NodeName }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await renameNode(ctx, actorIn(request), request.params.id, request.body.name));
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/nodes/:id/move',
    {
      config: { may: 'node.change' },
      schema: {
        tags: ['nodes'],
        summary: 'Move a node to another group',
        params: IdParams,
        body: Type.Object({ group: Text(64, 1) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await moveNode(ctx, actorIn(request), request.params.id, request.body.group));
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/nodes/:id/retire',
    {
      config: { may: 'node.retire' },
      schema: {
        tags: ['nodes'],
        summary: 'Retire a node: its certificate is revoked, its findings end, nobody waits for it',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await retireNode(ctx, actorIn(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
  app.delete(
    '/nodes/:id',
    {
      config: { may: 'node.delete' },
      schema: {
        tags: ['nodes'],
        summary: 'Delete a retired node; the history of its findings stays',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await deleteNode(ctx, actorIn(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
};
export default route;
