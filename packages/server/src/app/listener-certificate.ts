import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import { renewalDueAt } from '@castellan/shared/model/certificate-life';
import type { ServerContext } from '../services/context.js';
import { commit } from '../services/unit.js';

export interface ListenerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** How often it is asked whether the certificate still fits the clock. */
export const FIT_EVERY_MS = 60_000;

/** When a certificate (PEM) ends, milliseconds since 1970. */
export function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo);
}

/** Valid now, with a third of its life to go: a clock that was put right may have left it in the future. */
export function fitsClock({ certificatePem }: ListenerCertificate, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  const life = { from: Date.parse(validFrom), to: Date.parse(validTo) };
  return now >= life.from && now < renewalDueAt(life);
}

/**
 * The certificate of the agent listener, made again when it no longer fits the clock. Connections that are there go on;
 * the next handshake has the new one. Returns whether it was made again.
 */
export function listenerKeeper(ctx: ServerContext, hostnames: readonly string[]) {
  let current: ListenerCertificate | null = null;
  return {
    /** When the certificate that is shown now ends, milliseconds since 1970. */
    get notAfter(): number {
      return current ? endOf(current.certificatePem) : 0;
    },
    async first(): Promise<ListenerCertificate> {
      current = await ctx.authority.issueServer(hostnames);
      return current;
    },
    async keep(server: Pick<Server, 'setSecureContext'>): Promise<boolean> {
      if (current && fitsClock(current, ctx.clock.now())) return false;
      const next = await ctx.authority.issueServer(hostnames);
      const { keyPem: key, certificatePem: cert } = next;
      server.setSecureContext({ key, cert, ca: ctx.authority.rootPem, minVersion: 'TLSv1.2' });
      current = next;
      const notAfter = new Date(endOf(cert)).toISOString();
      ctx.log.warn(
        { event: 'listener.certificate', notAfter },
        'the certificate of the agent listener was due, or did not fit the clock, and was made again',
      );
      ctx.counters.add('certificates', 'agent listener');
      await commit(ctx, (unit) =>
        unit.audit({
          actor: 'system',
          action: 'listener.certificate',
          object: ctx.facts.serverId,
          outcome: 'ok',
          detail: { notAfter },
        }),
      );
      return true;
    },
  };
}
