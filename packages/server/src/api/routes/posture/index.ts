import { Readable } from 'node:stream';
import { Text as BoundedText } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Severity } from '@castellan/shared/model/severity-schema';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  CELL_STATES,
  CHANGES_MAX,
  MATRIX_GROUPS_MAX,
  MATRIX_NODES_MAX,
  postureChanges,
  postureMatrix,
  postureSeries,
  SERIES_DAYS_MAX,
} from '../../../services/posture.js';
import { type CsvColumn, csvOf } from '../../csv.js';
import type { Route } from '../../route.js';
import { OpenCounts, oneOf, orNull } from '../../shapes.js';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Day = Type.String({ maxLength: 10, pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const SeriesQuery = Type.Object({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  group: Type.Optional(BoundedText(64)),
  control: Type.Optional(BoundedText(32)),
});
const Series = Type.Object({
  from: Day,
  to: Day,
  group: orNull(Text),
  control: orNull(Text),
  /** The first day that is kept; null: none yet. */
  firstDay: orNull(Day),
  points: Type.Array(
    Type.Object({
      day: Day,
      takenAt: Instant,
      ...OpenCounts.properties,
      /** Of the active findings: not confirmed any more; acknowledged or waived. */
      stale: Count,
      held: Count,
      /** Nodes: with a verdict that applies (of all controls: that were ever heard), and those of them that pass. */
      judged: Count,
      passing: Count,
    }),
  ),
});

const ChangesQuery = Type.Object({ since: Type.Optional(Instant) });
const Changes = Type.Object({
  since: Instant,
  opened: Count,
  resolved: Count,
  worse: Count,
  /** Controls that are not named here. */
  left: Count,
  items: Type.Array(
    Type.Object({
      control: Text,
      title: Text,
      opened: Count,
      resolved: Count,
      worse: Count,
      /** Of what opened or became worse. */
      worst: orNull(Severity),
      /** Where these findings are listed. */
      findings: Text,
    }),
  ),
});

const MatrixQuery = Type.Object({
  group: Type.Optional(BoundedText(64)),
  /** `next` or `previous` of an answer, with the same group. */
  cursor: Type.Optional(BoundedText(2048)),
});
const Matrix = Type.Object({
  kind: oneOf(['groups', 'nodes']),
  takenAt: orNull(Instant),
  controls: Type.Array(Type.Object({ id: Text, title: Text })),
  columns: Type.Array(Type.Object({ id: Text, name: Text })),
  /** What was not judged has no cell. */
  cells: Type.Array(Type.Object({ control: Text, column: Text, state: oneOf(CELL_STATES), count: Count })),
  next: orNull(Text),
  previous: orNull(Text),
  /** Groups that are not counted apart. */
  left: Count,
});

const SERIES_TEXT = `Open findings by severity and nodes that pass, day by day (UTC), of the fleet, a group, a control; at most ${SERIES_DAYS_MAX} days`;
const CHANGES_TEXT = `What opened, was resolved and became worse since an instant, by control, at most ${CHANGES_MAX}; the last 24 hours when none is named`;
const MATRIX_TEXT = `Controls by groups (at most ${MATRIX_GROUPS_MAX}), or by the nodes of one group in pages of ${MATRIX_NODES_MAX}: the worst that is open, and how much`;

const route: Route = async (app, { ctx }) => {
  const tags = ['posture'];
  const config = { may: 'see' } as const;
  app.get(
    '/posture',
    {
      config,
      schema: { tags, summary: SERIES_TEXT, querystring: SeriesQuery, response: { 200: Series } },
    },
    async ({ query }) => postureSeries(ctx, query),
  );
  app.get(
    '/posture.csv',
    { config, schema: { tags, summary: `${SERIES_TEXT}; as CSV`, querystring: SeriesQuery } },
    async ({ query }, reply) =>
      sendCsv(reply, 'posture', (await postureSeries(ctx, query)).points, [
        ['day', ({ day }) => day],
        ['critical', ({ critical }) => critical],
        ['high', ({ high }) => high],
        ['medium', ({ medium }) => medium],
        ['low', ({ low }) => low],
        ['stale', ({ stale }) => stale],
        ['held', ({ held }) => held],
        ['nodes_judged', ({ judged }) => judged],
        ['nodes_passing', ({ passing }) => passing],
        ['taken_at', ({ takenAt }) => takenAt],
      ]),
  );
  app.get(
    '/posture/changes',
    {
      config,
      schema: { tags, summary: CHANGES_TEXT, querystring: ChangesQuery, response: { 200: Changes } },
    },
    async ({ query }) => postureChanges(ctx, sinceOf(query)),
  );
  app.get(
    '/posture/changes.csv',
    { config, schema: { tags, summary: `${CHANGES_TEXT}; as CSV`, querystring: ChangesQuery } },
    async ({ query }, reply) =>
      sendCsv(reply, 'posture-changes', (await postureChanges(ctx, sinceOf(query))).items, [
        ['control', ({ control }) => control],
        ['title', ({ title }) => title],
        ['opened', ({ opened }) => opened],
        ['resolved', ({ resolved }) => resolved],
        ['worse', ({ worse }) => worse],
        ['worst', ({ worst }) => worst],
      ]),
  );
  app.get(
    '/posture/matrix',
    {
      config,
      schema: { tags, summary: MATRIX_TEXT, querystring: MatrixQuery, response: { 200: Matrix } },
    },
    async ({ query }) => {
      const { columns, cells, ...rest } = await postureMatrix(ctx, query);
      return { ...rest, columns: [...columns], cells: [...cells] };
    },
  );
  app.get(
    '/posture/matrix.csv',
    { config, schema: { tags, summary: `${MATRIX_TEXT}; as CSV, one row a cell`, querystring: MatrixQuery } },
    async ({ query }, reply) => {
      const { cells, columns, controls } = await postureMatrix(ctx, query);
      const names = new Map(columns.map(({ id, name }) => [id, name]));
      const titles = new Map(controls.map(({ id, title }) => [id, title]));
      return sendCsv(reply, 'posture-matrix', cells, [
        ['control', ({ control }) => control],
        ['title', ({ control }) => titles.get(control) ?? ''],
        [query.group === undefined ? 'group' : 'node', ({ column }) => names.get(column) ?? column],
        ['state', ({ state }) => state],
        ['open', ({ count }) => count],
      ]);
    },
  );
};
export default route;

function sinceOf({ since }: { readonly since?: string }): number | null {
  return since === undefined ? null : Date.parse(since);
}

function sendCsv<T>(
  reply: FastifyReply,
  name: string,
  rows: readonly T[],
  columns: readonly CsvColumn<T>[],
): FastifyReply {
  async function* pages() {
    yield rows;
  }
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="castellan-${name}.csv"`)
    .send(Readable.from(csvOf(columns, pages())));
}
