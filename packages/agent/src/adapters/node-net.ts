import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Net, ProbeRequest, Unseen } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { exchangeHello } from './hello-exchange.js';
import { injectCommand } from './starttls-injection.js';
import { handshake } from './tls-handshake.js';
import { talkUntilTls } from './tls-preamble.js';

/** `forbidden`: why nothing may be probed, or null. */
export function nodeNet(options: { readonly forbidden: string | null }): Net {
  const meet = async <T>(
    request: ProbeRequest,
    speak: Speak<T>,
    late?: () => T | null,
  ): Promise<T | Unseen> => {
    if (options.forbidden) return { kind: 'forbidden', detail: options.forbidden };
    const address = await ownAddress(request.host);
    return 'address' in address ? probe(address.address, request, speak, late) : address;
  };
  return {
    probeTls: (request) =>
      meet(
        request,
        async (socket, where) =>
          (await talkUntilTls(socket, request, where)) ?? handshake(socket, request.servername, where),
      ),
    exchange: (request) => {
      const exchange = exchangeHello(request);
      return meet(
        request,
        async (socket, where) => (await talkUntilTls(socket, request, where)) ?? exchange.speak(socket),
        exchange.late,
      );
    },
    injectStarttls: (request) => meet(request, (socket, where) => injectCommand(socket, request, where)),
  };
}

type Speak<T> = (socket: Socket, where: string) => Promise<T | Unseen>;

/** A wildcard means every address; the loopback one is then as good as any. */
const LOOPBACK_FOR: Readonly<Record<string, string>> = {
  '*': '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
  '[::]': '::1',
};

async function ownAddress(host: string): Promise<{ readonly address: string } | Unseen> {
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

function foreign(host: string): Unseen {
  return { kind: 'forbidden', detail: `${host} is not an address of this node` };
}

function isOwn(address: string): boolean {
  if (/^127\./.test(address) || address === '::1') return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

/** One deadline for everything: connecting, the words before TLS, the handshake. */
function probe<T>(
  address: string,
  request: ProbeRequest,
  speak: Speak<T>,
  late: () => T | null = () => null,
): Promise<T | Unseen> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: request.port });
    const where = `${request.host}:${request.port}`;
    const settle = (result: T | Unseen) => {
      clearTimeout(deadline);
      // Later errors of a connection that nobody needs any more.
      socket.on('error', () => socket.destroy());
      socket.destroy();
      resolve(result);
    };
    const deadline = setTimeout(
      () =>
        settle(
          late() ?? {
            kind: 'inconclusive',
            detail: `${where}: no complete answer in ${request.timeoutMs} ms`,
          },
        ),
      request.timeoutMs,
    );
    socket.once('error', (error) => settle(unconnected(error, where)));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      speak(socket, where).then(settle, (error: unknown) => settle(unconnected(error, where)));
    });
  });
}

function unconnected(error: unknown, where: string): Unseen {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return { kind: 'closed', detail: `${where}: nothing listens there` };
  return { kind: 'inconclusive', detail: `${where}: ${code}` };
}
