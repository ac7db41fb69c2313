import { Text } from '@castellan/shared/model/bounds';
import { Instant, NodeName } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { instant } from '../../../services/instant.js';
import {
  createToken,
  listTokens,
  revokeToken,
  TOKEN_STATES,
  TOKEN_TTL_SECONDS_MAX,
  TOKEN_USES_MAX,
} from '../../../services/tokens.js';
import { actorIn } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, oneOf, orNull } from '../../shapes.js';

const Token = Type.Object({
  id: Type.String(),
  group: Type.String(),
  nodeName: orNull(Type.String()),
  usesTotal: Type.Integer(),
  usesLeft: Type.Integer(),
  createdAt: Instant,
  createdBy: Type.String(),
  expiresAt: Instant,
  state: oneOf(TOKEN_STATES),
});
const TokenOrder = Type.Object({
  group: Type.Optional(Text(64, 1)),
  replace: Type.Optional(NodeName),
  ttlSeconds: Type.Integer({ minimum: 1, maximum: TOKEN_TTL_SECONDS_MAX, default: 3600 }),
  uses: Type.Integer({ minimum: 1, maximum: TOKEN_USES_MAX, default: 1 }),
});

const route: Route = async (app, { ctx }) => {
  app.get(
    '/tokens',
    {
      config: { may: 'token.list' },
      schema: {
        tags: ['tokens'],
        summary: 'Enrolment tokens, newest first',
        response: { 200: Type.Object({ items: Type.Array(Token), next: orNull(Type.String()) }) },
      },
    },
    async () => ({ items: await listTokens(ctx), next: null }),
  );
  app.post(
    '/tokens',
    {
      config: { may: 'token.create' },
      schema: {
        tags: ['tokens'],
        summary: 'A new enrolment token. It is shown once',
        body: TokenOrder,
        response: { 201: Type.Object({ token: Type.String(), id: Type.String(), expiresAt: Instant }) },
      },
    },
    async (request, reply) => {
      const { token, id, expiresAt } = unwrap(await createToken(ctx, actorIn(request), request.body));
      return reply.status(201).send({ token, id, expiresAt: instant(expiresAt) });
    },
  );
  app.post(
    '/tokens/:id/revoke',
    {
      config: { may: 'token.revoke' },
      schema: {
        tags: ['tokens'],
        summary: 'Revoke an enrolment token: nobody joins with it any more',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await revokeToken(ctx, actorIn(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
};
export default route;
