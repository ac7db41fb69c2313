import { createHash, X509Certificate } from 'node:crypto';
import { connect, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { type EnrolAnswer, parseToken, proofText } from '@castellan/shared/protocol/enrolment';
import { newKey, proofBy } from './certificate-request.js';
import type { Identity } from './identity.js';
import { CONNECT_MS_MAX, postJson, unreachable } from './post-json.js';

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
  const { keyPem, csr } = await newKey(input.name);
  const unsigned = { token: input.token.trim(), name: input.name, csr, agentVersion: input.agentVersion };
  const body = {
    ...unsigned,
    ...(input.oldKeyPem === null ? {} : { proof: proofBy(input.oldKeyPem, proofText(unsigned)) }),
    clock: new Date().toISOString(),
    takesBundle: true,
  };
  const answer = await postJson<EnrolAnswer>({
    server: input.server,
    path: '/enrol',
    authorityPem: authority.value,
    body,
    schema: async () => (await import('@castellan/shared/protocol/enrolment')).EnrolAnswer,
  });
  if (!answer.ok) return answer;
  const { nodeId, serverId, certificate, authority: authorityPem, commandKey, url } = answer.value;
  if (fingerprintOfPem(authorityPem) !== token.value.authorityFingerprint) {
    return err(
      casError('CAS_SERVER_NOT_TRUSTED', 'the server answered with another authority than the token names'),
    );
  }
  if (!isCertificate(certificate) || !isCertificate(authorityPem))
    return err(casError('CAS_UNAVAILABLE', 'the server answered with something that is no certificate'));
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

function portOf(server: URL): number {
  return server.port === '' ? 443 : Number(server.port);
}
