import { Text } from '@castellan/shared/model/bounds';
import { Severity } from '@castellan/shared/model/severity';
import { Type } from 'typebox';
import { acknowledgeFinding, getFinding, listFindings } from '../../../services/findings.js';
import { actorIn } from '../../guard.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { Finding, FindingWithHistory, IdParams, oneOf, PageQuery, pageOf } from '../../shapes.js';

const Query = Type.Object({
  ...PageQuery,
  state: Type.Optional(oneOf(['open', 'resolved', 'all'])),
  node: Type.Optional(Text(128)),
  severity: Type.Optional(Severity),
  control: Type.Optional(Text(32)),
  q: Type.Optional(Text(512)),
});

const route: Route = async (app, { ctx }) => {
  app.get(
    '/findings',
    {
      config: { may: 'see' },
      schema: {
        tags: ['findings'],
        summary: 'Findings, newest change first. Without `state`: the active ones',
        querystring: Query,
        response: { 200: pageOf(Finding) },
      },
    },
    async ({ query }) => {
      const { limit, cursor, state = 'open', node, severity, control, q } = query;
      const filter = {
        state,
        ...(node === undefined ? {} : { node }),
        ...(severity === undefined ? {} : { severity }),
        ...(control === undefined ? {} : { control }),
        ...(q === undefined ? {} : { text: q }),
      };
      const { items, next } = await listFindings(ctx, filter, { limit, cursor: cursor ?? null });
      return { items: [...items], next };
    },
  );
  app.get(
    '/findings/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['findings'],
        summary: 'A finding and its history',
        params: IdParams,
        response: { 200: FindingWithHistory },
      },
    },
    async ({ params }) => found(await getFinding(ctx, params.id)),
  );
  app.post(
    '/findings/:id/acknowledge',
    {
      config: { may: 'finding.acknowledge' },
      schema: {
        tags: ['findings'],
        summary: 'Say that somebody has it',
        params: IdParams,
        body: Type.Object({ comment: Type.Optional(Text(1024)) }),
        response: { 200: Finding },
      },
    },
    async (request) =>
      unwrap(await acknowledgeFinding(ctx, actorIn(request), request.params.id, request.body.comment ?? '')),
  );
};
export default route;
