import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import { renewalDueAt } from '@castellan/shared/model/certificate-life';
import type { ServerContext } from '../services/context.js';
import { commit } from '../services/unit.js';

export interface ListenerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

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
 * The certificate of the agent listener, made again when it no longer fits the clock, or is not of the authority that is to
 * serve. Connections that are there go on; the next handshake has the new one. `keep` returns whether it was made again.
 */
export function listenerKeeper(ctx: ServerContext, hostnames: readonly string[]) {
  let current: (ListenerCertificate & { readonly authority: string; readonly bundlePem: string }) | null =
    null;
  const issue = async () => {
    const { serving, bundlePem } = ctx.authorities;
    return { ...(await serving.issueServer(hostnames)), authority: serving.fingerprint, bundlePem };
  };
  return {
    /** When the certificate that is shown now ends, milliseconds since 1970. */
    get notAfter(): number {
      return current ? endOf(current.certificatePem) : 0;
    },
    async first(): Promise<ListenerCertificate> {
      current = await issue();
      return current;
    },
    async keep(server: Pick<Server, 'setSecureContext'>): Promise<boolean> {
      const { serving, bundlePem } = ctx.authorities;
      const isGood = current?.authority === serving.fingerprint && fitsClock(current, ctx.clock.now());
      if (isGood && current?.bundlePem === bundlePem) return false;
      const next = isGood && current ? { ...current, bundlePem } : await issue();
      const { keyPem: key, certificatePem: cert, bundlePem: ca } = next;
      server.setSecureContext({ key, cert, ca, minVersion: 'TLSv1.2' });
      current = next;
      if (isGood) return false;
      const notAfter = new Date(endOf(cert)).toISOString();
      ctx.log.warn(
        { event: 'listener.certificate', notAfter, authority: next.authority },
        'the certificate of the agent listener was made again: it was due, did not fit the clock, or was of another authority',
      );
      ctx.counters.add('certificates', 'agent listener');
      await commit(ctx, (unit) =>
        unit.audit({
          actor: 'system',
          action: 'listener.certificate',
          object: ctx.facts.serverId,
          outcome: 'ok',
          detail: { notAfter, authority: next.authority },
        }),
      );
      return true;
    },
  };
}
