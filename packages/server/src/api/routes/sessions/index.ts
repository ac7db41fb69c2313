import { Type } from 'typebox';
import { endSession, listSessions } from '../../../services/sessions.js';
import { actorIn, personIn, SESSION_COOKIE } from '../../guard.js';
import { unwrap } from '../../problems.js';
import type { Route } from '../../route.js';
import { IdParams, Session } from '../../shapes.js';

/** One's own sessions; somebody else's are asked for with the person, and end here too. */
const route: Route = async (app, { ctx }) => {
  app.get(
    '/sessions',
    {
      config: { may: 'see' },
      schema: {
        tags: ['session'],
        summary: "One's own sessions, newest first",
        response: { 200: Type.Array(Session) },
      },
    },
    async (request) => listSessions(ctx, personIn(request).name, request.cookies[SESSION_COOKIE] ?? null),
  );
  app.delete(
    '/sessions/:id',
    {
      // Of one's own; who manages people may end anybody's. Which of the two it is, the service decides.
      config: { may: 'see' },
      schema: {
        tags: ['session'],
        summary: 'End a session',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      unwrap(await endSession(ctx, actorIn(request), personIn(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
};
export default route;
