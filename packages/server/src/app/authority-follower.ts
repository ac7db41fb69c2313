import type { Server } from 'node:https';
import type { Authority } from '../ports/authority.js';
import type { ServerContext } from '../services/context.js';
import { finishWhenConfirmed } from '../services/rotate-authority.js';
import { tellTrust } from '../services/trust.js';
import type { listenerKeeper } from './listener-certificate.js';

/**
 * What a running server does about authorities that the command line made, put to serve or retired: reads them, tells the
 * nodes, and exchanges the agent listener's certificate when every node trusts the new one.
 */
export function authorityFollower(ctx: ServerContext, listener: ReturnType<typeof listenerKeeper>) {
  let toldRevision = ctx.authorities.revision;
  return async (server: Pick<Server, 'setSecureContext'>): Promise<void> => {
    await ctx.authorities.refresh(ctx.store.read);
    await finishWhenConfirmed(ctx);
    await listener.keep(server);
    const { revision } = ctx.authorities;
    if (revision === toldRevision) return;
    await tellTrust(ctx);
    toldRevision = revision;
  };
}

/** The newest is `authority`, whichever that is: what is said of it outlives a rotation. */
export function authorityCertificate(one: Authority, issuing: Authority) {
  const subject = one === issuing ? ('authority' as const) : ('previous authority' as const);
  return { subject, notAfter: one.notAfter };
}
