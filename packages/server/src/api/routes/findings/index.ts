import { Text } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Severity } from '@castellan/shared/model/severity-schema';
import { QUERY_LENGTH_MAX } from '@castellan/shared/search/tree';
import { type Static, Type } from 'typebox';
import {
  ACKNOWLEDGED_AT_ONCE_MAX,
  acknowledgeFinding,
  acknowledgeMany,
  undoAcknowledge,
} from '../../../services/acknowledge.js';
import { getFinding, listFindings } from '../../../services/findings.js';
import { FINDING_SORTS } from '../../../services/lists.js';
import { undoWaive, WAIVED_AT_ONCE_MAX, waiveFinding, waiveMany } from '../../../services/waive.js';
import { actorIn } from '../../guard.js';
import { mountList } from '../../list.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { Finding, FindingWithHistory, IdParams, oneOf } from '../../shapes.js';

const narrowing = {
  node: Type.Optional(Text(128)),
  severity: Type.Optional(Severity),
  control: Type.Optional(Text(32)),
  group: Type.Optional(Text(64)),
  alert: Type.Optional(Text(64)),
  q: Type.Optional(Text(QUERY_LENGTH_MAX)),
};
const Acknowledge = Type.Object({ comment: Type.Optional(Text(1024)), until: Type.Optional(Instant) });
const AcknowledgeMany = Type.Object({ ...Acknowledge.properties, filter: Type.Object(narrowing) });
const Waive = Type.Object({ reason: Text(1024, 1), until: Instant });
const WaiveMany = Type.Object({ ...Waive.properties, filter: Type.Object(narrowing) });

function filterOf({ node, severity, control, group, alert, q }: Static<typeof AcknowledgeMany>['filter']) {
  return {
    ...(node === undefined ? {} : { node }),
    ...(severity === undefined ? {} : { severity }),
    ...(control === undefined ? {} : { control }),
    ...(group === undefined ? {} : { group }),
    ...(alert === undefined ? {} : { alert }),
    ...(q === undefined ? {} : { text: q }),
  };
}

function orderOf({ comment, until }: Static<typeof Acknowledge>) {
  return { note: comment ?? '', until: until === undefined ? null : Date.parse(until) };
}

function waiverOf({ reason, until }: Static<typeof Waive>) {
  return { reason, until: Date.parse(until) };
}

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/findings',
    may: 'see',
    tag: 'findings',
    summary:
      'Findings, the worst and then the newest change first as usual. Without `state`: the active ones',
    sorts: FINDING_SORTS,
    filters: { state: Type.Optional(oneOf(['open', 'resolved', 'all'])), ...narrowing },
    item: Finding,
    read: ({ state = 'open', ...filter }, request) =>
      listFindings(ctx, { state, ...filterOf(filter) }, request),
    csv: [
      ['id', ({ id }) => id],
      ['severity', ({ severity }) => severity],
      ['state', ({ state }) => state],
      ['stale', ({ stale }) => stale],
      ['node', ({ node }) => node.name],
      ['control', ({ control }) => control],
      ['subject', ({ subject }) => subject],
      ['title', ({ title }) => title],
      ['summary', ({ summary }) => summary],
      ['opened_at', ({ openedAt }) => openedAt],
      ['updated_at', ({ updatedAt }) => updatedAt],
      ['resolved_at', ({ resolvedAt }) => resolvedAt],
      ['acknowledged_by', ({ acknowledgement }) => acknowledgement?.by ?? null],
      ['waived_by', ({ waiver }) => waiver?.by ?? null],
      ['waived_until', ({ waiver }) => waiver?.until ?? null],
    ],
  });
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
        summary: 'Say that somebody has it, until an instant or until it is resolved. Who was paged hears so',
        params: IdParams,
        body: Acknowledge,
        response: { 200: Finding },
      },
    },
    async (request) =>
      unwrap(await acknowledgeFinding(ctx, actorIn(request), request.params.id, orderOf(request.body))),
  );
  app.post(
    '/findings/:id/unacknowledge',
    {
      config: { may: 'finding.acknowledge' },
      schema: {
        tags: ['findings'],
        summary: 'Take an acknowledgement back: the finding is open, and pages again',
        params: IdParams,
        body: Type.Object({ comment: Type.Optional(Text(1024)) }),
        response: { 200: Finding },
      },
    },
    async (request) =>
      unwrap(await undoAcknowledge(ctx, actorIn(request), request.params.id, request.body.comment ?? '')),
  );
  app.post(
    '/findings/acknowledge',
    {
      config: { may: 'finding.acknowledge' },
      schema: {
        tags: ['findings'],
        summary: `Acknowledge every open finding under a filter, the worst first, at most ${ACKNOWLEDGED_AT_ONCE_MAX} at once`,
        body: AcknowledgeMany,
        response: { 200: Type.Object({ acknowledged: Type.Integer(), left: Type.Integer() }) },
      },
    },
    async (request) => {
      const { body } = request;
      return unwrap(await acknowledgeMany(ctx, actorIn(request), filterOf(body.filter), orderOf(body)));
    },
  );
  app.post(
    '/findings/:id/waive',
    {
      config: { may: 'finding.waive' },
      schema: {
        tags: ['findings'],
        summary: 'Accept a finding, with a reason and an end: no page is sent for it unless it becomes worse',
        params: IdParams,
        body: Waive,
        response: { 200: Finding },
      },
    },
    async (request) => {
      const { body } = request;
      return unwrap(await waiveFinding(ctx, actorIn(request), request.params.id, waiverOf(body)));
    },
  );
  app.post(
    '/findings/:id/unwaive',
    {
      config: { may: 'finding.waive' },
      schema: {
        tags: ['findings'],
        summary: 'Take a waiver back: the finding is open, and pages again',
        params: IdParams,
        body: Type.Object({ comment: Type.Optional(Text(1024)) }),
        response: { 200: Finding },
      },
    },
    async (request) =>
      unwrap(await undoWaive(ctx, actorIn(request), request.params.id, request.body.comment ?? '')),
  );
  app.post(
    '/findings/waive',
    {
      config: { may: 'finding.waive' },
      schema: {
        tags: ['findings'],
        summary: `Waive every open finding under a filter, the worst first, at most ${WAIVED_AT_ONCE_MAX} at once`,
        body: WaiveMany,
        response: { 200: Type.Object({ waived: Type.Integer(), left: Type.Integer() }) },
      },
    },
    async (request) => {
      const { body } = request;
      return unwrap(await waiveMany(ctx, actorIn(request), filterOf(body.filter), waiverOf(body)));
    },
  );
};
export default route;
