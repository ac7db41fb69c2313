import { casError } from '@castellan/shared/errors/cas-error';
import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { ALL, GROUPS_APART_MAX, type PostureCell } from '../domain/posture/day-rows.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';
import { dayOf, freshenPosture } from './posture-days.js';

const DAY_MS = 86_400_000;
/** Days of one series: as many as are kept. */
export const SERIES_DAYS_MAX = 400;
/** Days that are shown when none are named. */
const SERIES_DAYS_USUAL = 30;
/** Controls of one answer, those with the most changes. */
export const CHANGES_MAX = 200;
/** Nodes side by side in one page of a matrix. */
export const MATRIX_NODES_MAX = 25;
/** Columns of a matrix of groups. */
export const MATRIX_GROUPS_MAX = GROUPS_APART_MAX;

export interface SeriesRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly group?: string | undefined;
  readonly control?: string | undefined;
}

/**
 * Counts day by day (UTC), both ends included; today's as they are now. A day on which the server did not run has no point.
 * Throws CAS_INPUT_INVALID for a day that is none and for a span that is turned or too long.
 */
export async function postureSeries(ctx: ServerContext, request: SeriesRequest) {
  const to = startOf(request.to ?? dayOf(ctx.clock.now()));
  const from = request.from === undefined ? to - (SERIES_DAYS_USUAL - 1) * DAY_MS : startOf(request.from);
  if (from > to) throw casError('CAS_INPUT_INVALID', 'from: it is after "to"');
  if (to - from >= SERIES_DAYS_MAX * DAY_MS)
    throw casError('CAS_INPUT_INVALID', `from: at most ${SERIES_DAYS_MAX} days at once`);
  await freshenPosture(ctx);
  const { posture } = ctx.store.read;
  const which = { group: request.group ?? ALL, control: request.control ?? ALL };
  const span = { from: dayOf(from), to: dayOf(to) };
  const points = await posture.series(which, span);
  return {
    ...span,
    group: request.group ?? null,
    control: request.control ?? null,
    firstDay: await posture.firstDay(),
    points: points.map((point) => ({ ...point, takenAt: instant(point.takenAt) })),
  };
}
export type PosturePointView = Awaited<ReturnType<typeof postureSeries>>['points'][number];

function startOf(day: string): number {
  const at = Date.parse(`${day}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(at) || dayOf(at) !== day)
    throw casError('CAS_INPUT_INVALID', `"${day}" is not a day of the form 2026-11-28`);
  return at;
}

/** What opened, ended and became worse since an instant (the last 24 hours when none is named), by control, worst first. */
export async function postureChanges(ctx: ServerContext, since: number | null) {
  const now = ctx.clock.now();
  const at = since ?? now - DAY_MS;
  if (now - at > SERIES_DAYS_MAX * DAY_MS)
    throw casError('CAS_INPUT_INVALID', `since: at most ${SERIES_DAYS_MAX} days ago`);
  const found = await ctx.store.read.posture.changesSince(at);
  const byControl = new Map<
    string,
    { opened: number; resolved: number; worse: number; worst: Severity | null }
  >();
  for (const { control, kind, worstRank, count } of found) {
    const line = byControl.get(control) ?? { opened: 0, resolved: 0, worse: 0, worst: null };
    // The worst of what is bad news; what ended is good news, however bad it was.
    const rank = kind === 'resolved' ? SEVERITIES.length : worstRank;
    const worst = SEVERITIES[Math.min(rank, line.worst === null ? rank : SEVERITIES.indexOf(line.worst))];
    byControl.set(control, { ...line, [kind]: count, worst: worst ?? null });
  }
  const titles = titlesOf(ctx);
  const items = [...byControl]
    .map(([control, line]) => ({
      control,
      title: titles.get(control) ?? '',
      ...line,
      findings: `/api/v1/findings?state=all&sort=updated&control=${encodeURIComponent(control)}`,
    }))
    .sort((a, b) => rankOf(a.worst) - rankOf(b.worst) || b.opened - a.opened || b.resolved - a.resolved);
  const total = (kind: 'opened' | 'resolved' | 'worse') => items.reduce((sum, line) => sum + line[kind], 0);
  return {
    since: instant(at),
    opened: total('opened'),
    resolved: total('resolved'),
    worse: total('worse'),
    left: Math.max(0, items.length - CHANGES_MAX),
    items: items.slice(0, CHANGES_MAX),
  };
}
export type PostureChangeView = Awaited<ReturnType<typeof postureChanges>>['items'][number];

function rankOf(severity: Severity | null): number {
  return severity === null ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

export const CELL_STATES = [...SEVERITIES, 'pass', 'unclear'] as const;
export type CellState = (typeof CELL_STATES)[number];

interface Cell {
  readonly control: string;
  /** The column's id: a group's name, or a node's id. */
  readonly column: string;
  /** The worst that is open; `unclear`: nothing is open, and not every verdict passes. What was not judged has no cell. */
  readonly state: CellState;
  readonly count: number;
}

interface Columns {
  readonly kind: 'groups' | 'nodes';
  readonly columns: readonly { readonly id: string; readonly name: string }[];
  readonly cells: readonly Cell[];
  readonly next: string | null;
  readonly previous: string | null;
  /** Columns that are not on this page and on no other. */
  readonly left: number;
}

/** Controls by groups; of one group: controls by its nodes, in pages by name. */
export async function postureMatrix(
  ctx: ServerContext,
  request: { readonly group?: string | undefined; readonly cursor?: string | undefined },
) {
  await freshenPosture(ctx);
  const { group, cursor } = request;
  const matrix =
    group === undefined ? await matrixOfGroups(ctx) : await matrixOfNodes(ctx, group, cursor ?? null);
  const titles = titlesOf(ctx);
  const controls = [...new Set(matrix.cells.map(({ control }) => control))].sort();
  return {
    ...matrix,
    takenAt: instantOrNull(await ctx.store.read.posture.takenAt(dayOf(ctx.clock.now()))),
    controls: controls.map((id) => ({ id, title: titles.get(id) ?? '' })),
  };
}

async function matrixOfGroups(ctx: ServerContext): Promise<Columns> {
  const cells = await ctx.store.read.posture.cells(dayOf(ctx.clock.now()));
  const groups = [...new Set(cells.map(({ group }) => group))].sort();
  const all = (await ctx.store.read.posture.countNodes()).length;
  return {
    kind: 'groups',
    columns: groups.map((name) => ({ id: name, name })),
    cells: cells.filter((cell) => cell.judged > 0 || openIn(cell) > 0).map(groupCell),
    next: null,
    previous: null,
    left: Math.max(0, all - MATRIX_GROUPS_MAX),
  };
}

function openIn(cell: PostureCell): number {
  return SEVERITIES.reduce((sum, severity) => sum + cell[severity], 0);
}

function groupCell(cell: PostureCell): Cell {
  const worst = SEVERITIES.find((severity) => cell[severity] > 0);
  const state = worst ?? (cell.passing === cell.judged ? 'pass' : 'unclear');
  return { control: cell.control, column: cell.group, state, count: openIn(cell) };
}

async function matrixOfNodes(ctx: ServerContext, group: string, cursor: string | null): Promise<Columns> {
  const { nodes, posture } = ctx.store.read;
  const request = { limit: MATRIX_NODES_MAX, cursor, sort: 'name', isCounted: false };
  const page = await nodes.list({ group }, request);
  const cells = await posture.cellsOfNodes(page.items.map(({ id }) => id));
  cells.sort((a, b) => (a.control < b.control ? -1 : Number(a.control > b.control)));
  return {
    kind: 'nodes',
    columns: page.items.map(({ id, name }) => ({ id, name })),
    cells: cells.map(({ nodeId, control, worst, count, isPassing }) => ({
      control,
      column: nodeId,
      state: worst ?? (isPassing ? 'pass' : 'unclear'),
      count,
    })),
    next: page.next,
    previous: page.previous,
    left: 0,
  };
}

function titlesOf(ctx: ServerContext): ReadonlyMap<string, string> {
  return new Map(ctx.catalogue.controls.map(({ id, title }) => [id, title]));
}
