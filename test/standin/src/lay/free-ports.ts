import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to whoever asks for any: between the look and the use nobody else gets one by chance. */
const FIRST = 15_000;
const LAST = 32_000;
const TRIES_MAX = 200;

/** Ports that were free a moment ago: all are held until the last is known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP listener has no port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listening(): Promise<ReturnType<typeof createServer>> {
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const server = await listeningAt(randomInt(FIRST, LAST));
    if (server !== null) return server;
  }
  throw new Error(`no free port among ${TRIES_MAX} from ${FIRST} to ${LAST}`);
}

/** Null: somebody has it. */
function listeningAt(port: number): Promise<ReturnType<typeof createServer> | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
