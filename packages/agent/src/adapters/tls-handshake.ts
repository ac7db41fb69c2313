import { constants, createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { ProbeResult } from '../ports/net.js';
import { errorCode } from './file-problems.js';

/** What OpenSSL says when the other side answers in something that is not TLS. */
const NOT_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
]);

/** A server with several certificates shows the one that it can sign with so (RFC 5246, 7.4.1.4.1; RFC 8446, 4.2.3). */
const SIGNATURES = {
  rsa: 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1',
  ec: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1',
} as const;

/** TLS over a connection to whatever is there, old or weak: it is to be seen, and nothing is trusted. */
export function anyTls(socket: Duplex, servername: string | undefined): ConnectionOptions {
  return {
    socket,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'ALL:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    ...(servername && !isIP(servername) ? { servername } : {}),
  };
}

/**
 * Looks at what is served; nothing is trusted and nothing is sent. Old protocols and short keys are accepted on
 * purpose: a server that offers nothing better has to be seen, not refused.
 */
export function handshake(
  socket: Duplex,
  servername: string | undefined,
  where: string,
  keyType?: 'rsa' | 'ec',
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const tls = connect({
      ...anyTls(socket, servername),
      ...(keyType ? { sigalgs: SIGNATURES[keyType] } : {}),
    });
    let isSettled = false;
    const settle = (result: ProbeResult) => {
      if (isSettled) return;
      isSettled = true;
      tls.destroy();
      resolve(result);
    };
    tls.once('secureConnect', () =>
      settle(served(tls) ?? { kind: 'inconclusive', detail: `${where}: TLS without a certificate` }),
    );
    // A server that wants a certificate of the client shows its own before it gives up on us.
    tls.on('error', (error) => settle(served(tls) ?? failed(error, where)));
    tls.once('close', () =>
      settle({ kind: 'inconclusive', detail: `${where}: closed during the handshake` }),
    );
  });
}

function served(tls: TLSSocket): ProbeResult | null {
  const certificate = tls.getPeerCertificate();
  if (!certificate?.raw) return null;
  return {
    kind: 'served',
    fingerprint: createHash('sha256').update(certificate.raw).digest('hex'),
    leafDer: certificate.raw,
    protocol: tls.getProtocol() ?? 'unknown',
  };
}

function failed(error: unknown, where: string): ProbeResult {
  const code = errorCode(error);
  if (NOT_TLS.has(code)) return { kind: 'no-tls', detail: `${where}: the answer is not TLS` };
  return { kind: 'inconclusive', detail: `${where}: the handshake failed (${code})` };
}
