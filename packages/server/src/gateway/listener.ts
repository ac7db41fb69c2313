import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import {
  EnrolAnswer,
  EnrolRequest,
  RenewalAnswer,
  RenewalRequest,
} from '@castellan/shared/protocol/enrolment';
import { FRAME_BYTES_MAX } from '@castellan/shared/protocol/messages';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { partNode } from '../services/accept-hello.js';
import { authenticateNode } from '../services/authenticate-node.js';
import type { ServerContext } from '../services/context.js';
import { enrolNode } from '../services/enrol-node.js';
import { limitedLog } from '../services/limited-log.js';
import { type KnownConnections, limitNewConnections } from '../services/new-connections.js';
import { renewByKey } from '../services/renew-certificate.js';
import type { WriteQueue } from '../services/write-queue.js';
import { Session } from './session.js';
import type { Sessions } from './sessions.js';
import { StateRoom } from './state-room.js';

export interface GatewayOptions {
  readonly ctx: ServerContext;
  readonly writes: WriteQueue;
  readonly sessions: Sessions;
  readonly tls: { readonly keyPem: string; readonly certificatePem: string };
  /** Enrolments from one address in a minute. */
  readonly enrolmentsPerMinute: number;
  /** Upgrades under way at once. */
  readonly handshakesMax: number;
}

/** Upgrades of one node under way at once: it has one connection, and perhaps one that is just lost. */
const HANDSHAKES_OF_NODE_MAX = 4;
/** From the connection to the end of its TLS handshake. */
const HANDSHAKE_MS_MAX = 5_000;

/** The agent listener, not listening yet. */
export async function agentsPort(given: GatewayOptions): Promise<FastifyInstance> {
  // What is logged from here on is what peers provoke.
  const ctx = { ...given.ctx, log: limitedLog(given.ctx.log, given.ctx.clock) };
  const options = { ...given, ctx };
  const { tls } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    requestTimeout: 10_000,
    // A node that joins asks once; one that is there upgrades.
    keepAliveTimeout: 1_000,
    maxRequestsPerSocket: 16,
    https: {
      key: tls.keyPem,
      cert: tls.certificatePem,
      ca: ctx.authorities.bundlePem,
      // A node that enrols has no certificate yet, and a bad one deserves a reason: each request checks for itself.
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS_MAX,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 5_000,
    },
  });
  await app.register(rateLimit, { global: false });
  app.setErrorHandler((cause, _request, reply) => {
    const error = cause instanceof CasError ? cause : httpError(cause);
    if (error.code === 'CAS_INTERNAL')
      ctx.log.error({ event: 'enrol.failed', err: cause }, 'an enrolment failed');
    return reply.status(error.http).type('application/problem+json').send(problem(error));
  });
  app.post<{ Body: EnrolRequest }>(
    '/enrol',
    {
      config: { rateLimit: { max: options.enrolmentsPerMinute, timeWindow: 60_000 } },
      schema: { body: EnrolRequest, response: { 200: EnrolAnswer } },
    },
    async (request, reply) => {
      const answer = await enrolNode(ctx, request.body, request.ip);
      if (answer.ok) return answer.value;
      ctx.log.warn(
        { event: 'enrol.refused', code: answer.error.code, ip: request.ip },
        'an enrolment was refused',
      );
      return reply
        .status(answer.error.http)
        .type('application/problem+json')
        .send(problem(answer.error) as never);
    },
  );
  app.post<{ Body: RenewalRequest }>(
    '/renew',
    {
      config: { rateLimit: { max: options.enrolmentsPerMinute, timeWindow: 60_000 } },
      schema: { body: RenewalRequest, response: { 200: RenewalAnswer } },
    },
    async (request, reply) => {
      const answer = await renewByKey(ctx, request.body, request.ip);
      if (answer.ok) return answer.value;
      ctx.log.warn(
        { event: 'renewal.refused', code: answer.error.code, ip: request.ip },
        'a renewal by key was refused',
      );
      return reply
        .status(answer.error.http)
        .type('application/problem+json')
        .send(problem(answer.error) as never);
    },
  );
  // Those that listen first hear first: a connection is noted before it is answered.
  let known: KnownConnections | null = null;
  app.server.on(
    'upgrade',
    upgrader(options, given, (socket) => known?.know(socket)),
  );
  known = limitNewConnections(app.server);
  app.addHook('preClose', async () => known?.end());
  return app;
}

function httpError(cause: unknown): CasError {
  const { statusCode = 500, message = '' } = cause as { statusCode?: number; message?: string };
  if (statusCode === 429)
    return casError('CAS_TOO_MANY', 'too many enrolments from this address: wait a minute');
  return statusCode < 500 ? casError('CAS_INPUT_INVALID', message) : casError('CAS_INTERNAL');
}

function problem(error: CasError) {
  return {
    type: `urn:castellan:error:${error.code}`,
    title: error.code,
    status: error.http,
    detail: error.detail,
    code: error.code,
  };
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** `own` has the log itself: a session's lines are bounded for its node, so that one node hides no other's. */
function upgrader(options: GatewayOptions, own: GatewayOptions, know: KnownConnections['know']): Upgrade {
  const { ctx } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    autoPong: false,
  });
  const stateRoom = new StateRoom();
  const arriving = new Map<string, number>();
  let underWay = 0;
  return (request, socket, head) => {
    socket.on('error', (cause) =>
      ctx.log.debug({ event: 'gateway.upgradeSocket', message: cause.message }, 'a connection failed'),
    );
    // As text: what a stranger sends need not be an address that a parser takes.
    if ((request.url ?? '').split('?', 1)[0] !== '/agent') return refuse(socket, casError('CAS_NOT_FOUND'));
    if (underWay >= options.handshakesMax)
      return refuse(socket, casError('CAS_UNAVAILABLE', 'too many connections at once'));
    underWay += 1;
    accept(request)
      .catch((cause: unknown) => {
        ctx.log.error({ event: 'gateway.upgrade', err: cause }, 'a connection could not be checked');
        refuse(socket, casError('CAS_UNAVAILABLE'));
      })
      .finally(() => {
        underWay -= 1;
      });

    /** One node that connects without end takes nobody else's place. */
    function mayArrive(nodeId: string): boolean {
      if ((arriving.get(nodeId) ?? 0) >= HANDSHAKES_OF_NODE_MAX || !ctx.meters.mayConnect(nodeId))
        return false;
      count(nodeId, 1);
      return true;
    }

    function count(nodeId: string, change: 1 | -1): void {
      const now = (arriving.get(nodeId) ?? 0) + change;
      if (now > 0) arriving.set(nodeId, now);
      else arriving.delete(nodeId);
    }

    async function accept(from: IncomingMessage): Promise<void> {
      // A connection that is gone meanwhile has no certificate object at all.
      const peer = (from.socket as TLSSocket).getPeerCertificate() as { raw?: Buffer } | null;
      const claimed = ctx.authorities.identify(peer?.raw ?? null);
      if (claimed.ok && !mayArrive(claimed.value.nodeId)) {
        ctx.counters.add('connectionsRefused', 'CAS_TOO_MANY');
        return refuse(socket, casError('CAS_TOO_MANY', 'this node connects too often'));
      }
      const known = await authenticateNode(ctx, claimed).finally(() => {
        if (claimed.ok) count(claimed.value.nodeId, -1);
      });
      if (!known.ok) {
        ctx.counters.add('connectionsRefused', known.error.code);
        ctx.log.warn(
          { event: 'gateway.refused', code: known.error.code, ip: from.socket.remoteAddress },
          'a connection was refused',
        );
        return refuse(socket, known.error);
      }
      know(from.socket);
      sockets.handleUpgrade(from, socket, head, (webSocket) => {
        const session = new Session(
          { ...own, stateRoom },
          webSocket,
          known.value,
          from.socket.remoteAddress ?? 'an unknown address',
        );
        webSocket.on('close', () => leave(options, session));
        options.sessions.enter(session);
      });
    }
  };
}

function leave({ sessions, writes, ctx }: GatewayOptions, session: Session): void {
  if (!sessions.leave(session)) return;
  writes
    .add({ lane: session.nodeId, source: null, cost: 1, bytes: 0 }, (unit) => partNode(unit, session.nodeId))
    .catch((cause: unknown) => {
      // While the server stops, the store is closed already: the next start notes that everybody parted.
      if (cause instanceof CasError && cause.code === 'CAS_UNAVAILABLE') return;
      ctx.log.error({ event: 'gateway.part', err: cause }, 'a parting could not be stored');
    });
}

function refuse(socket: Duplex, error: CasError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.http === 0 ? 400 : error.http;
  const body = JSON.stringify(problem(error));
  const retry = status === 503 || status === 429 ? 'Retry-After: 5\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${error.code}\r\nContent-Type: application/problem+json\r\n${retry}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
