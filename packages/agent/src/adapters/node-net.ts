import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Net, Unseen } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { type Dialled, type Dialler, spokenNet } from './spoken-net.js';

/** Listeners of this host. `forbidden`: why nothing may be probed, or null. */
export function nodeNet(options: { readonly forbidden: string | null }): Net {
  return spokenNet(OWN_HOST, options.forbidden);
}

const OWN_HOST: Dialler = { addressOf: ownAddress, dial, dialMsMax: 0 };

/** A wildcard means every address; the loopback one is then as good as any. */
export const LOOPBACK_FOR: Readonly<Record<string, string>> = {
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
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

export function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === '::1';
}

function dial(host: string, port: number): Dialled {
  const stream = connect({ host, port });
  return {
    stream,
    connected: new Promise((resolve, reject) => {
      stream.once('error', reject);
      stream.once('connect', () => {
        stream.removeAllListeners('error');
        resolve();
      });
    }),
    close: () => stream.destroy(),
  };
}
