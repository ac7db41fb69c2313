import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { ServiceSigning } from '@castellan/shared/protocol/command';
import type { ServerCertificate } from '../domain/certificates.js';
import type { ServiceAuthority } from '../ports/authority.js';
import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { ServiceAuthorityRecord } from '../store/service-authority.repository.js';
import type { Repositories } from '../store/store.js';
import type { ServerContext } from './context.js';
import { type Actor, audited } from './unit.js';

type Reads = Pick<Repositories, 'serviceAuthorities'>;

/** As many at once: the one that signs, and those whose certificates are in use still. */
export const SERVICE_AUTHORITIES_MAX = 4;
const NONE = 'the server has no authority for services: "castellan-server ca services make" makes one';

/** The newest that is not retired signs; undefined: there is none. */
async function signer({ serviceAuthorities }: Reads): Promise<ServiceAuthorityRecord | undefined> {
  return (await serviceAuthorities.all()).findLast(({ retiredAt }) => retiredAt === null);
}

/**
 * Makes an authority, which signs from now on. Those of before sign no more, and stay until they are retired: whoever
 * trusts them goes on to. Errors: CAS_CONFLICT when there are as many as there may be.
 */
export async function makeServiceAuthority(
  ctx: ServerContext,
  actor: Actor,
  maker: AuthorityMaker,
): Promise<Result<{ readonly fingerprint: string }>> {
  const number = (await ctx.store.read.serviceAuthorities.all()).length + 1;
  const name = `Castellan services ${ctx.facts.serverId}${number === 1 ? '' : ` ${number}`}`;
  const material = await maker.make(name);
  const { fingerprint, notAfter } = await maker.openServices(material);
  const detail = { notAfter: new Date(notAfter).toISOString() };
  const act = { actor, action: 'services.make', object: fingerprint, detail };
  return audited(ctx, act, async (unit) => {
    const all = await unit.tx.serviceAuthorities.all();
    if (all.filter(({ retiredAt }) => retiredAt === null).length >= SERVICE_AUTHORITIES_MAX)
      throw casError(
        'CAS_CONFLICT',
        `there are ${SERVICE_AUTHORITIES_MAX} authorities for services: retire one that nobody trusts any more ("castellan-server ca services retire")`,
      );
    const keyName = `servicesKey ${fingerprint}`;
    await unit.tx.secrets.put(keyName, ctx.vault.seal(material.rootKeyPkcs8, keyName), unit.now);
    const madeAt = Math.max(unit.now, (all.at(-1)?.madeAt ?? 0) + 1);
    await unit.tx.serviceAuthorities.add({
      fingerprint,
      rootPem: material.rootPem,
      keyName,
      madeAt,
      endsAt: notAfter,
    });
    return { fingerprint };
  });
}

/** It signs no more, is given to nobody any more, and its key is destroyed. Errors: CAS_NOT_FOUND, CAS_CONFLICT (retired already). */
export async function retireServiceAuthority(
  ctx: ServerContext,
  actor: Actor,
  fingerprint: string,
): Promise<Result<void>> {
  const act = { actor, action: 'services.retire', object: fingerprint };
  return audited(ctx, act, async (unit) => {
    const one = (await unit.tx.serviceAuthorities.all()).find((known) => known.fingerprint === fingerprint);
    if (!one)
      throw casError(
        'CAS_NOT_FOUND',
        `there is no authority for services ${fingerprint}: "castellan-server ca services status" names them`,
      );
    if (one.retiredAt !== null) throw casError('CAS_CONFLICT', `${fingerprint} was retired already`);
    await unit.tx.serviceAuthorities.retire(fingerprint, unit.now);
    await unit.tx.secrets.remove(one.keyName);
  });
}

export interface ServiceAuthorityView {
  readonly fingerprint: string;
  readonly endsAt: string;
  readonly signing: boolean;
  /** How many certificates of it are within their time. */
  readonly certificates: number;
  /** PEM. */
  readonly root: string;
}

/** Those that are not retired, the oldest first. */
export async function serviceAuthorities({
  store,
  clock,
}: Pick<ServerContext, 'store' | 'clock'>): Promise<readonly ServiceAuthorityView[]> {
  const good = (await store.read.serviceAuthorities.all()).filter(({ retiredAt }) => retiredAt === null);
  const inTime = await store.read.serviceAuthorities.inTime(clock.now());
  return good.map(({ fingerprint, rootPem, endsAt }, index) => ({
    fingerprint,
    endsAt: new Date(endsAt).toISOString(),
    signing: index === good.length - 1,
    certificates: inTime.get(fingerprint) ?? 0,
    root: rootPem,
  }));
}

/** For the list of the server's own certificates. */
export async function serviceAuthorityEnds(ctx: ServerContext): Promise<readonly ServerCertificate[]> {
  return (await serviceAuthorities(ctx)).map(({ endsAt, signing }) => ({
    subject: signing ? ('services authority' as const) : ('previous services authority' as const),
    notAfter: Date.parse(endsAt),
  }));
}

/** What a node is told with a command: whether certificates of services are signed here, and by whom. */
export async function signingOffered(ctx: ServerContext, reads: Reads): Promise<ServiceSigning> {
  const { domains, daysMax } = ctx.facts.services;
  const one = await signer(reads);
  if (!one) return { why: NONE };
  if (domains.length === 0)
    return { why: 'the setting services.domains of the server names nothing that certificates may be for' };
  return { authority: one.rootPem, daysMax };
}

/** The one that signs, opened. Throws CAS_SIGNING_REFUSED. */
export async function openSigner(
  { vault, maker }: Pick<ServerContext, 'vault' | 'maker'>,
  tx: Pick<Repositories, 'serviceAuthorities' | 'secrets'>,
): Promise<ServiceAuthority> {
  const one = await signer(tx);
  if (!one) throw casError('CAS_SIGNING_REFUSED', NONE);
  const sealed = await tx.secrets.get(one.keyName);
  if (sealed === null) throw new Error('the key of an authority for services is gone: restore the backup');
  return maker.openServices({ rootPem: one.rootPem, rootKeyPkcs8: vault.open(sealed, one.keyName) });
}
