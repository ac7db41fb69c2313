import type { Duplex } from 'node:stream';
import type { Net, ProbeRequest, Unseen } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { exchangeHello } from './hello-exchange.js';
import { injectCommand } from './starttls-injection.js';
import { handshake } from './tls-handshake.js';
import { talkUntilTls } from './tls-preamble.js';

/** A connection to a listener, however it is made. */
export interface Dialled {
  readonly stream: Duplex;
  /** Rejects where there is none; a way that does not tell resolves at once. */
  readonly connected: Promise<void>;
  /** Where only the end tells that nobody was met: why. Null: somebody was. */
  unmet?(): Promise<Unseen | null>;
  close(): void;
}

/** How listeners of the node are reached. */
export interface Dialler {
  /** Which address of the node is meant by a host of its configuration. */
  addressOf(host: string): Promise<{ readonly address: string } | Unseen>;
  dial(address: string, port: number, where: string): Dialled;
  /** What making a connection may take beside what the listener does with it, milliseconds. */
  readonly dialMsMax: number;
}

/** What is said to listeners. `forbidden`: why nothing may be probed, or null. */
export function spokenNet(dialler: Dialler, forbidden: string | null): Net {
  const meet = async <T>(
    request: ProbeRequest,
    speak: Speak<T>,
    late?: () => T | null,
  ): Promise<T | Unseen> => {
    if (forbidden) return { kind: 'forbidden', detail: forbidden };
    const address = await dialler.addressOf(request.host);
    return 'address' in address ? probe(dialler, address.address, request, speak, late) : address;
  };
  return {
    probeTls: (request) =>
      meet(
        request,
        async (stream, where) =>
          (await talkUntilTls(stream, request, where)) ??
          handshake(stream, request.servername, where, request.keyType),
      ),
    exchange: (request) => {
      const exchange = exchangeHello(request);
      return meet(
        request,
        async (stream, where) => (await talkUntilTls(stream, request, where)) ?? exchange.speak(stream),
        exchange.late,
      );
    },
    injectStarttls: (request) => meet(request, (stream, where) => injectCommand(stream, request, where)),
  };
}

type Speak<T> = (stream: Duplex, where: string) => Promise<T | Unseen>;

/** One deadline for everything: connecting, the words before TLS, the handshake. */
function probe<T>(
  dialler: Dialler,
  address: string,
  request: ProbeRequest,
  speak: Speak<T>,
  late: () => T | null = () => null,
): Promise<T | Unseen> {
  return new Promise((resolve) => {
    const where = `${request.host}:${request.port}`;
    const dialled = dialler.dial(address, request.port, where);
    const settle = (result: T | Unseen) => {
      clearTimeout(deadline);
      // Later errors of a connection that nobody needs any more.
      dialled.stream.on('error', () => dialled.stream.destroy());
      dialled.close();
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
      request.timeoutMs + dialler.dialMsMax,
    );
    dialled.connected
      .then(() => speak(dialled.stream, where))
      .catch((error: unknown) => unconnected(error, where))
      .then(async (result) => settle((await dialled.unmet?.()) ?? result));
  });
}

function unconnected(error: unknown, where: string): Unseen {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return { kind: 'closed', detail: `${where}: nothing listens there` };
  return { kind: 'inconclusive', detail: `${where}: ${code}` };
}
