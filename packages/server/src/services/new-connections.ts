import type { Server, Socket } from 'node:net';

export interface NewConnectionLimits {
  /** Connections that have not made a request yet, from one address and in total. */
  readonly perAddress: number;
  readonly total: number;
  /** By then a connection has made its first request, or it is closed. */
  readonly firstRequestMs: number;
}

/** A fleet behind one address comes back over the reconnect window; whoever is turned away here tries again. */
export const NEW_CONNECTIONS: NewConnectionLimits = { perAddress: 128, total: 1_024, firstRequestMs: 10_000 };

/**
 * Bounds what costs us before we know anything of a peer: connections that send nothing, or are stuck in their TLS
 * handshake. `server` is a HTTP or HTTPS server; established connections are not touched.
 */
export function limitNewConnections(server: Server, limits: NewConnectionLimits = NEW_CONNECTIONS): void {
  const waiting = new Map<string, { readonly address: string; readonly timer: NodeJS.Timeout }>();
  const byAddress = new Map<string, number>();
  const settle = (key: string): void => {
    const entry = waiting.get(key);
    if (!entry) return;
    clearTimeout(entry.timer);
    waiting.delete(key);
    const left = (byAddress.get(entry.address) ?? 1) - 1;
    if (left > 0) byAddress.set(entry.address, left);
    else byAddress.delete(entry.address);
  };
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address, remotePort } = socket;
    // It was reset before we looked.
    if (address === undefined) return socket.destroy();
    // Until TLS takes the socket over, nobody else listens for its errors.
    socket.on('error', () => socket.destroy());
    const count = byAddress.get(address) ?? 0;
    if (count >= limits.perAddress || waiting.size >= limits.total) return socket.destroy();
    const key = `${address} ${remotePort}`;
    const timer = setTimeout(() => socket.destroy(), limits.firstRequestMs).unref();
    waiting.set(key, { address, timer });
    byAddress.set(address, count + 1);
    socket.on('close', () => settle(key));
  });
  // The same peer, seen through TLS or not.
  const known = ({ socket }: { socket: Socket }) => settle(`${socket.remoteAddress} ${socket.remotePort}`);
  server.prependListener('request', known);
  // Whoever listens to upgrades must answer them: where nobody does, they come as requests.
  if (server.listenerCount('upgrade') > 0) server.prependListener('upgrade', known);
}
