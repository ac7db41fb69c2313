import { Text, Whole } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Severity } from '@castellan/shared/model/severity-schema';
import { type Static, Type } from 'typebox';
import {
  createSilence,
  endSilence,
  extendSilence,
  getSilence,
  LOCAL_PATTERN,
  listSilences,
  previewSilence,
  SILENCE_STATES,
  WINDOW_MINUTES_MAX,
} from '../../../services/silences.js';
import { actorIn } from '../../guard.js';
import { found, unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, oneOf, orNull } from '../../shapes.js';

/** All that are given must match. */
const Matchers = Type.Object({
  control: Type.Optional(Text(32, 1)),
  node: Type.Optional(Text(128, 1)),
  group: Type.Optional(Text(64, 1)),
  severity: Type.Optional(Severity),
  subject: Type.Optional(Text(512, 1)),
  alert: Type.Optional(Text(128, 1)),
});
/** A maintenance window: a wall clock's day and time in the zone, and how long. */
const Window = Type.Object({
  start: Type.String({ minLength: 16, maxLength: 16, pattern: LOCAL_PATTERN }),
  minutes: Whole(1, WINDOW_MINUTES_MAX),
  repeats: oneOf(['never', 'weekly']),
});
const Preview = Type.Object({
  matchers: Matchers,
  /** A name of the IANA database. */
  zone: Type.Optional(Text(64, 1)),
  /** Now, when left out. */
  starts: Type.Optional(Instant),
  /** The end; of a window that repeats, of the series. */
  ends: Type.Optional(Instant),
  window: Type.Optional(Window),
});
const Order = Type.Object({ ...Preview.properties, reason: Text(1024, 1) });

const Occurrences = Type.Array(Type.Object({ from: Instant, until: Instant }));
const Silence = Type.Object({
  id: Type.String(),
  matchers: Matchers,
  nodeName: orNull(Type.String()),
  reason: Type.String(),
  author: Type.String(),
  createdAt: Instant,
  zone: Type.String(),
  weekly: orNull(Type.Object({ start: Type.String(), minutes: Type.Integer() })),
  startsAt: Instant,
  endsAt: Instant,
  activeFrom: Instant,
  activeUntil: Instant,
  endedAt: orNull(Instant),
  endedBy: orNull(Type.String()),
  state: oneOf(SILENCE_STATES),
  holds: Type.Object({ findings: Type.Integer(), open: Type.Integer() }),
  next: Occurrences,
});

function scheduleOf({ zone = 'UTC', starts, ends, window }: Static<typeof Preview>) {
  const endsAt = ends === undefined ? null : Date.parse(ends);
  if (window) return { zone, ...window, endsAt };
  // Without an end it is over before it begins, and is refused in those words.
  return { zone, startsAt: starts === undefined ? null : Date.parse(starts), endsAt: endsAt ?? 0 };
}

const route: Route = async (app, { ctx }) => {
  app.get(
    '/silences',
    {
      config: { may: 'see' },
      schema: {
        tags: ['silences'],
        summary:
          'Silences and maintenance windows: the next to end first; then those that are over, the newest first',
        response: { 200: Type.Object({ items: Type.Array(Silence), next: orNull(Type.String()) }) },
      },
    },
    async () => ({ items: await listSilences(ctx), next: null }),
  );
  app.get(
    '/silences/:id',
    {
      config: { may: 'see' },
      schema: {
        tags: ['silences'],
        summary: 'A silence, and what it holds now',
        params: IdParams,
        response: { 200: Silence },
      },
    },
    async ({ params }) => found(await getSilence(ctx, params.id)),
  );
  app.post(
    '/silences/preview',
    {
      config: { may: 'silence.write' },
      schema: {
        tags: ['silences'],
        summary: 'What a silence would match, and when: nothing is kept',
        body: Preview,
        response: {
          200: Type.Object({
            findings: Type.Integer(),
            open: Type.Integer(),
            zone: Type.String(),
            next: Occurrences,
          }),
        },
      },
    },
    async ({ body }) => previewSilence(ctx, { matchers: body.matchers, schedule: scheduleOf(body) }),
  );
  app.post(
    '/silences',
    {
      config: { may: 'silence.write' },
      schema: {
        tags: ['silences'],
        summary: 'A new silence, or a maintenance window: no page for what it matches while it is active',
        body: Order,
        response: { 201: Silence },
      },
    },
    async (request, reply) => {
      const { matchers, reason } = request.body;
      const order = { matchers, reason, schedule: scheduleOf(request.body) };
      return reply.status(201).send(unwrap(await createSilence(ctx, actorIn(request), order)));
    },
  );
  app.post(
    '/silences/:id/extend',
    {
      config: { may: 'silence.write' },
      schema: {
        tags: ['silences'],
        summary: 'Let a silence end later. Nothing is released in between',
        params: IdParams,
        body: Type.Object({ ends: Instant }),
        response: { 200: Silence },
      },
    },
    async (request) =>
      unwrap(await extendSilence(ctx, actorIn(request), request.params.id, Date.parse(request.body.ends))),
  );
  app.post(
    '/silences/:id/end',
    {
      config: { may: 'silence.write' },
      schema: {
        tags: ['silences'],
        summary: 'End a silence now: what is still open and that no other silence holds pages',
        params: IdParams,
        response: { 200: Silence },
      },
    },
    async (request) => unwrap(await endSilence(ctx, actorIn(request), request.params.id)),
  );
};
export default route;
