import type { Server, Socket } from 'node:net';
import { placeOf } from './place-of.js';

export interface NewConnectionLimits {
  /** Connections of which nothing good is known, from one place and in total. */
  readonly perPlace: number;
  readonly total: number;
  /** By then a connection has made its first request, or it is closed. */
  readonly firstRequestMs: number;
}

/** A fleet behind one address comes back over the reconnect window; whoever loses its place tries again. */
export const NEW_CONNECTIONS: NewConnectionLimits = { perPlace: 128, total: 1_024, firstRequestMs: 10_000 };

interface Stranger {
  readonly socket: Socket;
  readonly place: string;
  readonly timer: NodeJS.Timeout;
}

export interface KnownConnections {
  /** Whoever made this request showed who it is: its connection no longer counts. */
  know(socket: Socket): void;
  /** The server stops: whoever drips must not keep it. */
  end(): void;
}

/**
 * Bounds what peers cost of whom we know nothing: connections that say nothing, drip, are stuck in their handshake, or
 * ask and stay. Who is beyond a bound does not lose to those that came before: the oldest of the place that holds the
 * most gives way, so that a flood pushes out itself, and who comes between has its few milliseconds.
 * `server` is a HTTP or HTTPS server; `isExempt` are peers that bring many people, such as a trusted proxy.
 */
export function limitNewConnections(
  server: Server,
  {
    limits = NEW_CONNECTIONS,
    isExempt = () => false,
  }: { readonly limits?: NewConnectionLimits; readonly isExempt?: (address: string) => boolean } = {},
): KnownConnections {
  const strangers = new Map<string, Stranger>();
  const byPlace = new Map<string, Set<string>>();
  const settle = (key: string): void => {
    const stranger = strangers.get(key);
    if (!stranger) return;
    clearTimeout(stranger.timer);
    strangers.delete(key);
    const same = byPlace.get(stranger.place);
    same?.delete(key);
    if (same?.size === 0) byPlace.delete(stranger.place);
  };
  const giveWay = (keys: ReadonlySet<string> | undefined): void => {
    const [oldest] = keys ?? [];
    if (oldest === undefined) return;
    const { socket } = strangers.get(oldest) ?? {};
    settle(oldest);
    socket?.destroy();
  };
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    // It was reset before we looked.
    if (address === undefined) return socket.destroy();
    // Until TLS takes the socket over, nobody else listens for its errors.
    socket.on('error', () => socket.destroy());
    if (isExempt(address)) return;
    const place = placeOf(address);
    if ((byPlace.get(place)?.size ?? 0) >= limits.perPlace) giveWay(byPlace.get(place));
    else if (strangers.size >= limits.total) giveWay(largest(byPlace));
    const key = keyOf(socket);
    const timer = setTimeout(() => socket.destroy(), limits.firstRequestMs).unref();
    strangers.set(key, { socket, place, timer });
    const same = byPlace.get(place);
    if (same) same.add(key);
    else byPlace.set(place, new Set([key]));
    socket.on('close', () => settle(key));
  });
  // From its first request on the server's own limits of time hold.
  const asked = ({ socket }: { socket: Socket }) => clearTimeout(strangers.get(keyOf(socket))?.timer);
  server.prependListener('request', asked);
  // Whoever listens to upgrades must answer them: where nobody does, they come as requests.
  if (server.listenerCount('upgrade') > 0) server.prependListener('upgrade', asked);
  return {
    know: (socket) => settle(keyOf(socket)),
    end: () => {
      for (const { socket } of [...strangers.values()]) socket.destroy();
    },
  };
}

/** The same peer, seen through TLS or not. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function largest(byPlace: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> | undefined {
  let most: ReadonlySet<string> | undefined;
  for (const keys of byPlace.values()) if (keys.size > (most?.size ?? 0)) most = keys;
  return most;
}
