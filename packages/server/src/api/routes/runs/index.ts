import { Text } from '@castellan/shared/model/bounds';
import { RunState } from '@castellan/shared/model/run';
import { Type } from 'typebox';
import { getRun, listRuns } from '../../../services/fleet.js';
import { RUN_SORTS } from '../../../services/lists.js';
import { mountList } from '../../list.js';
import { found } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, Run, RunWithEvents } from '../../shapes.js';

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/runs',
    may: 'see',
    tag: 'runs',
    summary: 'Runs, newest first as usual',
    sorts: RUN_SORTS,
    filters: {
      state: Type.Optional(RunState),
      remediation: Type.Optional(Text(64)),
      node: Type.Optional(Text(128)),
    },
    item: Run,
    read: ({ node, q, ...filter }, request) =>
      listRuns(ctx, { ...filter, ...(node ? { nodeId: node } : {}), ...(q ? { text: q } : {}) }, request),
    csv: [
      ['id', ({ id }) => id],
      ['remediation', ({ remediation }) => remediation],
      ['state', ({ state }) => state],
      ['node', ({ node }) => node.name],
      ['plan', ({ planId }) => planId],
      ['approved_by', ({ approvedBy }) => approvedBy],
      ['approved_at', ({ approvedAt }) => approvedAt],
      ['finished_at', ({ finishedAt }) => finishedAt],
      ['error', ({ error }) => error],
    ],
  });
  app.get(
    '/runs/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['runs'],
        summary: 'A run and its progress',
        params: IdParams,
        response: { 200: RunWithEvents },
      },
    },
    async ({ params }) => found(await getRun(ctx, params.id)),
  );
};
export default route;
