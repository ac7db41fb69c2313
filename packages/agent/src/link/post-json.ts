import { request } from 'node:https';
import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { CAS_ERRORS, type CasCode } from '@castellan/shared/errors/table';
import type { TSchema } from 'typebox';

/** Milliseconds for a connection, and for an answer. */
export const CONNECT_MS_MAX = 15_000;
const ANSWER_BYTES_MAX = 256 * 1024;

export interface Posting {
  /** https://host:port of the agents' port. */
  readonly server: URL;
  readonly path: '/enrol' | '/renew';
  /** Whom the server's certificate must be of. */
  readonly authorityPem: string;
  readonly body: object;
  /** What the answer must fit; loaded when there is one. */
  schema(): Promise<TSchema>;
}

/** Asks the server without a client certificate. Errors: the server's own, or CAS_UNAVAILABLE with what went wrong. */
export function postJson<T>(posting: Posting): Promise<Result<T>> {
  const { server, path, authorityPem } = posting;
  const body = JSON.stringify(posting.body);
  return new Promise((resolve) => {
    const call = request(
      new URL(path, server),
      {
        method: 'POST',
        ca: authorityPem,
        minVersion: 'TLSv1.2',
        timeout: CONNECT_MS_MAX,
        agent: false,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) call.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        const broken = (cause?: Error) =>
          resolve(unreachable(server, cause?.message ?? 'the answer broke off'));
        response.on('error', broken);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          readAnswer<T>(posting, response.statusCode ?? 0, text).then(resolve, broken);
        });
        // Without its end, or after it: only the first word counts.
        response.on('close', () => {
          if (!response.complete) broken();
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${CONNECT_MS_MAX} ms`)));
    call.on('error', (cause) => resolve(unreachable(server, cause.message)));
    call.end(body);
  });
}

async function readAnswer<T>({ schema, path }: Posting, status: number, text: string): Promise<Result<T>> {
  const value = parseJson(text);
  if (status !== 200) {
    const { code, detail } = (value ?? {}) as { code?: unknown; detail?: unknown };
    const known =
      typeof code === 'string' && Object.hasOwn(CAS_ERRORS, code) ? (code as CasCode) : 'CAS_UNAVAILABLE';
    return err(
      casError(
        known,
        typeof detail === 'string' ? detail.slice(0, 1000) : `the server answered with status ${status}`,
      ),
    );
  }
  const [{ Compile }, wanted] = await Promise.all([import('typebox/compile'), schema()]);
  return Compile(wanted).Check(value)
    ? ok(value as T)
    : err(casError('CAS_UNAVAILABLE', `the server's answer to ${path} does not fit`));
}

export function unreachable(
  server: URL,
  why: string,
): { readonly ok: false; readonly error: ReturnType<typeof casError> } {
  return err(casError('CAS_UNAVAILABLE', `${server.host} cannot be reached: ${why}`));
}
