import type { ServerResponse } from 'node:http';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { casError } from '@castellan/shared/errors/cas-error';
import type { EventFeed, NumberedEvent } from '../../../services/event-feed.js';
import { mayDo } from '../../../services/people.js';
import { personOf } from '../../../services/sessions.js';
import { personIn, SESSION_COOKIE } from '../../guard.js';
import type { Route } from '../../route.js';

/** Streams at once: of everybody, and of one person, so that nobody takes all places. */
export const LISTENERS_MAX = 200;
export const LISTENERS_OF_PERSON_MAX = 6;
const COMMENT_EVERY_MS = 15_000;
/** A listener that does not read is let go; it comes back with Last-Event-ID. */
const BUFFERED_BYTES_MAX = 1024 * 1024;

const route: Route = async (app, { ctx }) => {
  const listeners = new Set<ServerResponse>();
  app.addHook('onClose', async () => {
    for (const response of listeners) response.end();
  });
  app.addHook('preClose', async () => {
    for (const response of listeners) response.end();
  });
  app.get(
    '/events',
    {
      config: { may: 'see' },
      schema: {
        tags: ['events'],
        summary: 'What changes, as server-sent events: finding, node, run, plan, delivery, resync',
      },
    },
    async (request, reply) => {
      const { name: person } = personIn(request);
      const cookie = request.cookies[SESSION_COOKIE] ?? '';
      if (listeners.size >= LISTENERS_MAX || ctx.events.streams(person) >= LISTENERS_OF_PERSON_MAX)
        throw casError('CAS_TOO_MANY', `too many streams: at most ${LISTENERS_OF_PERSON_MAX} of one person`);
      const lastId = request.headers['last-event-id'];
      reply.hijack();
      const response = reply.raw;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) response.setHeader(name, value);
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      listeners.add(response);
      catchUp(response, ctx.events, typeof lastId === 'string' ? lastId : null);
      const stopListening = ctx.events.listen((event) => write(response, frameOf(event)), {
        session: sha256Hex(cookie),
        person,
        end: () => response.end(),
      });
      const timer = setInterval(() => {
        write(response, ': here\n\n');
        // Whoever was disabled, given another role or signed out elsewhere hears no more, nor does a session that ended.
        personOf(ctx, cookie).then(
          (now) => {
            if (!now || now.name !== person || !mayDo(now.role, 'see')) response.end();
          },
          () => response.end(),
        );
      }, COMMENT_EVERY_MS);
      response.on('error', () => response.destroy());
      response.on('close', () => {
        clearInterval(timer);
        stopListening();
        listeners.delete(response);
      });
    },
  );
};
export default route;

function catchUp(response: ServerResponse, events: EventFeed, lastId: string | null): void {
  write(response, `retry: 2000\nid: ${events.lastId}\n: hello\n\n`);
  if (lastId === null) return;
  const missed = events.since(lastId);
  if (missed) for (const event of missed) write(response, frameOf(event));
  // What was missed is no longer known: everything must be asked for again.
  else write(response, `id: ${events.lastId}\nevent: resync\ndata: {"id":"all"}\n\n`);
}

function frameOf(event: NumberedEvent): string {
  return `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

function write(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.writableLength > BUFFERED_BYTES_MAX) response.destroy();
  else response.write(text);
}
