import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  sign,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { request } from 'node:https';
import { connect, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';
import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { CAS_ERRORS, type CasCode } from '@castellan/shared/errors/table';
import { type EnrolAnswer, parseToken, proofText } from '@castellan/shared/protocol/enrolment';
import type { Identity } from './identity.js';

const CONNECT_MS_MAX = 15_000;
const ANSWER_BYTES_MAX = 256 * 1024;
/** A chain is a leaf, perhaps some in between, and the authority. */
const CHAIN_MAX = 8;

export interface EnrolmentInput {
  /** https://host:port of the agents' port. */
  readonly server: URL;
  readonly token: string;
  readonly name: string;
  readonly agentVersion: string;
  /** The key that this node has at this name now, PEM; it proves that the node asks itself. Null: it has none. */
  readonly oldKeyPem: string | null;
}

/** Joins the server. The key is made here; only a request for a certificate leaves. Nothing is stored. */
export async function enrol(input: EnrolmentInput): Promise<Result<Identity>> {
  const token = parseToken(input.token);
  if (!token.ok) return token;
  const authority = await pinnedAuthority(input.server, token.value.authorityFingerprint);
  if (!authority.ok) return authority;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const csr = await certificateRequest(input.name, privateKey, publicKey);
  const unsigned = { token: input.token.trim(), name: input.name, csr, agentVersion: input.agentVersion };
  const body = {
    ...unsigned,
    ...(input.oldKeyPem === null ? {} : { proof: proofBy(input.oldKeyPem, unsigned) }),
    clock: new Date().toISOString(),
  };
  const answer = await post(input.server, authority.value, JSON.stringify(body));
  if (!answer.ok) return answer;
  const { nodeId, serverId, certificate, authority: authorityPem, commandKey, url } = answer.value;
  if (fingerprintOfPem(authorityPem) !== token.value.authorityFingerprint) {
    return err(
      casError('CAS_SERVER_NOT_TRUSTED', 'the server answered with another authority than the token names'),
    );
  }
  if (!isCertificate(certificate) || !isCertificate(authorityPem))
    return err(casError('CAS_UNAVAILABLE', 'the server answered with something that is no certificate'));
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return ok({
    nodeId,
    serverId,
    name: input.name,
    url,
    commandKey,
    keyPem,
    certificatePem: certificate,
    authorityPem,
  });
}

function proofBy(keyPem: string, request: Parameters<typeof proofText>[0]): string {
  const key = { key: keyPem, dsaEncoding: 'ieee-p1363' } as const;
  return sign('sha256', Buffer.from(proofText(request)), key).toString('base64url');
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Fetches the server's chain and picks the certificate that the token names; the request itself is then verified with it. */
function pinnedAuthority(server: URL, fingerprint: string): Promise<Result<string>> {
  return new Promise((resolve) => {
    const host = server.hostname.replace(/^\[|\]$/g, '');
    // Nothing is sent and nothing believed on this connection: it only brings the chain.
    const socket = connect({
      host,
      port: portOf(server),
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      servername: /^[\d.:]+$/.test(host) ? '' : host,
    });
    const settle = (result: Result<string>) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_MS_MAX, () =>
      settle(unreachable(server, `no answer within ${CONNECT_MS_MAX} ms`)),
    );
    socket.on('error', (cause) => settle(unreachable(server, cause.message)));
    socket.on('close', () => settle(unreachable(server, 'the connection was closed')));
    socket.once('secureConnect', () => {
      const pinned = chainOf(socket.getPeerCertificate(true)).find(
        (der) => createHash('sha256').update(der).digest('hex') === fingerprint,
      );
      const untrusted = casError(
        'CAS_SERVER_NOT_TRUSTED',
        `${server.host} does not show the authority that the token names: wrong server, or somebody stands between`,
      );
      settle(pinned ? ok(pemOf(pinned)) : err(untrusted));
    });
  });
}

function chainOf(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  let one: DetailedPeerCertificate | PeerCertificate | undefined = leaf;
  while (
    one?.raw &&
    chain.length < CHAIN_MAX &&
    !chain.some((der) => der.equals(one?.raw ?? Buffer.alloc(0)))
  ) {
    chain.push(one.raw);
    one = 'issuerCertificate' in one ? one.issuerCertificate : undefined;
  }
  return chain;
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function fingerprintOfPem(pem: string): string {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem)?.[1] ?? '';
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
}

async function certificateRequest(
  name: string,
  privateKey: KeyObject,
  publicKey: KeyObject,
): Promise<string> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const [forSigning, forVerifying] = await Promise.all([
    subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
    subtle.importKey('spki', publicKey.export({ type: 'spki', format: 'der' }), algorithm, true, ['verify']),
  ]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [name] }],
      keys: { privateKey: forSigning, publicKey: forVerifying },
      signingAlgorithm: algorithm,
    },
    webcrypto as Parameters<typeof x509.Pkcs10CertificateRequestGenerator.create>[1],
  );
  return csr.toString('pem');
}

function post(server: URL, authorityPem: string, body: string): Promise<Result<EnrolAnswer>> {
  return new Promise((resolve) => {
    const url = new URL('/enrol', server);
    const call = request(
      url,
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
          readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')).then(resolve, broken);
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

async function readAnswer(status: number, text: string): Promise<Result<EnrolAnswer>> {
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
  const [{ Compile }, { EnrolAnswer: Schema }] = await Promise.all([
    import('typebox/compile'),
    import('@castellan/shared/protocol/enrolment'),
  ]);
  return Compile(Schema).Check(value)
    ? ok(value as EnrolAnswer)
    : err(casError('CAS_UNAVAILABLE', "the server's answer is not an enrolment's"));
}

function portOf(server: URL): number {
  return server.port === '' ? 443 : Number(server.port);
}

function unreachable(
  server: URL,
  why: string,
): { readonly ok: false; readonly error: ReturnType<typeof casError> } {
  return err(casError('CAS_UNAVAILABLE', `${server.host} cannot be reached: ${why}`));
}
