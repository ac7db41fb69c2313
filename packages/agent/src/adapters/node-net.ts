import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Net, ProbeRequest, ProbeResult } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { handshake } from './tls-handshake.js';
import { talkUntilTls } from './tls-preamble.js';

/** `forbidden`: why nothing may be probed, or null. */
export function nodeNet(options: { readonly forbidden: string | null }): Net {
  return {
    probeTls: async (request) => {
      if (options.forbidden) return { kind: 'forbidden', detail: options.forbidden };
      const address = await ownAddress(request.host);
      return 'address' in address ? probe(address.address, request) : address;
    },
  };
}

/** A wildcard means every address; the loopback one is then as good as any. */
const LOOPBACK_FOR: Readonly<Record<string, string>> = {
  '*': '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
  '[::]': '::1',
};

async function ownAddress(host: string): Promise<{ readonly address: string } | ProbeResult> {
  const wanted = LOOPBACK_FOR[host] ?? host;
  if (isIP(wanted)) return isOwn(wanted) ? { address: wanted } : foreign(host);
  try {
    const found = await lookup(wanted, { all: true });
    const own = found.find(({ address }) => isOwn(address));
    return own ? { address: own.address } : foreign(host);
  } catch (error) {
    return { kind: 'inconclusive', detail: `${host}: the name has no address (${errorCode(error)})` };
  }
}

function foreign(host: string): ProbeResult {
  return { kind: 'forbidden', detail: `${host} is not an address of this node` };
}

function isOwn(address: string): boolean {
  if (/^127\./.test(address) || address === '::1') return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

/** One deadline for everything: connecting, the words before TLS, the handshake. */
function probe(address: string, request: ProbeRequest): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: request.port });
    const where = `${request.host}:${request.port}`;
    const settle = (result: ProbeResult) => {
      clearTimeout(deadline);
      // Later errors of a connection that nobody needs any more.
      socket.on('error', () => socket.destroy());
      socket.destroy();
      resolve(result);
    };
    const deadline = setTimeout(
      () =>
        settle({ kind: 'inconclusive', detail: `${where}: no complete answer in ${request.timeoutMs} ms` }),
      request.timeoutMs,
    );
    socket.once('error', (error) => settle(unconnected(error, where)));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      speak(socket, request, where).then(settle, (error: unknown) => settle(unconnected(error, where)));
    });
  });
}

async function speak(socket: Socket, request: ProbeRequest, where: string): Promise<ProbeResult> {
  const refusal = await talkUntilTls(socket, request.preamble, where);
  return refusal ?? handshake(socket, request.servername, where, request.keyType);
}

function unconnected(error: unknown, where: string): ProbeResult {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return { kind: 'closed', detail: `${where}: nothing listens there` };
  return { kind: 'inconclusive', detail: `${where}: ${code}` };
}
