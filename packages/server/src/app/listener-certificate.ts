import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import type { ServerContext } from '../services/context.js';

export interface ListenerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** How often it is asked whether the certificate still fits the clock. */
export const FIT_EVERY_MS = 60_000;

/** Valid now, with a third of its life to go: a clock that was put right may have left it in the future. */
export function fitsClock({ certificatePem }: ListenerCertificate, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return now >= from && now < to - (to - from) / 3;
}

/**
 * The certificate of the agent listener, made again when it no longer fits the clock. Connections that are there go on;
 * the next handshake has the new one. Returns whether it was made again.
 */
export function listenerKeeper(ctx: ServerContext, hostnames: readonly string[]) {
  let current: ListenerCertificate | null = null;
  return {
    async first(): Promise<ListenerCertificate> {
      current = await ctx.authority.issueServer(hostnames);
      return current;
    },
    async keep(server: Pick<Server, 'setSecureContext'>): Promise<boolean> {
      if (current && fitsClock(current, ctx.clock.now())) return false;
      current = await ctx.authority.issueServer(hostnames);
      const { keyPem: key, certificatePem: cert } = current;
      server.setSecureContext({ key, cert, ca: ctx.authority.rootPem, minVersion: 'TLSv1.2' });
      ctx.log.warn(
        { event: 'listener.certificate' },
        'the certificate of the agent listener did not fit the clock and was made again',
      );
      return true;
    },
  };
}
