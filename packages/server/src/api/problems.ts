import type { Result } from '@castellan/shared/base/result';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { CAS_ERRORS } from '@castellan/shared/errors/table';
import { QueryError } from '@castellan/shared/search/query-error';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerContext } from '../services/context.js';

/** The value, or the error thrown for the one place that answers with problems. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

export function found<T>(value: T | null): T {
  if (value === null) throw casError('CAS_NOT_FOUND');
  return value;
}

/** Errors as RFC 9457 problems. Of a failure of ours a caller learns the code and the request's id, and no more. */
export function answerWithProblems(app: FastifyInstance, ctx: ServerContext): void {
  app.setErrorHandler((cause: FastifyError, request, reply) => {
    if (cause instanceof QueryError) {
      // Where in `q`, in UTF-16 units, and what could stand there instead.
      const { offset, length, suggestion } = cause;
      const error = casError('CAS_QUERY_SYNTAX', cause.message);
      return sendProblem(request, reply, error, { offset, length, suggestion });
    }
    const error = expected(cause);
    if (error.code === 'CAS_INTERNAL')
      ctx.log.error({ event: 'api.failed', requestId: request.id, err: cause }, 'a request failed');
    return sendProblem(request, reply, error);
  });
}

/** `more`: what this problem says besides. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: CasError,
  more: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  return reply
    .status(error.http)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:castellan:error:${error.code}`,
        title: CAS_ERRORS[error.code].text,
        status: error.http,
        detail: error.detail,
        code: error.code,
        request_id: request.id,
        ...more,
      }),
    );
}

function expected(cause: FastifyError): CasError {
  if (cause instanceof CasError) return cause.http >= 400 ? cause : casError('CAS_CONFLICT', cause.detail);
  if (cause.statusCode === 429) return casError('CAS_TOO_MANY', cause.message);
  if (cause.statusCode === 404) return casError('CAS_NOT_FOUND', cause.message);
  if (cause.statusCode !== undefined && cause.statusCode < 500)
    return casError('CAS_INPUT_INVALID', cause.message);
  return casError('CAS_INTERNAL');
}
