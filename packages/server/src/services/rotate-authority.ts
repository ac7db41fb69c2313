import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { NodeTrust } from '../store/authority.repository.js';
import type { ServerContext } from './context.js';
import { strangersTo } from './trust.js';
import { type Actor, audited, commit, type Unit } from './unit.js';

/** Nodes that a refusal names; the rest is counted. */
const NAMED_MAX = 20;

/** Of the name `first` there is one; those that come after it have a number. */
export function authorityName(serverId: string, number: number): string {
  return `Castellan authority ${serverId}${number === 1 ? '' : ` ${number}`}`;
}

/**
 * Makes a new authority, which issues from now on. The one before is trusted until it is retired, and the agent listener
 * keeps its certificate of it until every node trusts the new one. Errors: CAS_CONFLICT while a rotation is under way.
 */
export async function rotateAuthority(
  ctx: ServerContext,
  actor: Actor,
  maker: AuthorityMaker,
): Promise<Result<{ fingerprint: string }>> {
  const number = (await ctx.store.read.authorities.all()).length + 1;
  const material = await maker.make(authorityName(ctx.facts.serverId, number));
  const { fingerprint, notAfter } = await maker.open(material);
  const act = {
    actor,
    action: 'ca.rotate',
    object: fingerprint,
    detail: { notAfter: new Date(notAfter).toISOString() },
  };
  const rotated = await audited(ctx, act, async (unit) => {
    await ctx.authorities.refresh(unit.tx);
    if (ctx.authorities.trusted.length > 1)
      throw casError(
        'CAS_CONFLICT',
        'a rotation is under way: "castellan-server ca status" says what it waits for, "ca retire" ends it',
      );
    const keyName = `rootKey ${fingerprint}`;
    await unit.tx.secrets.put(keyName, ctx.vault.seal(material.rootKeyPkcs8, keyName), unit.now);
    await unit.tx.authorities.add({
      fingerprint,
      rootPem: material.rootPem,
      keyName,
      madeAt: nextRevision(ctx, unit),
    });
    return { fingerprint };
  });
  await ctx.authorities.refresh(ctx.store.read);
  return rotated;
}

/** Later than every change before, whatever the clock says. */
function nextRevision(ctx: ServerContext, unit: Unit): number {
  return Math.max(unit.now, ctx.authorities.revision + 1);
}

/**
 * The agent listener's next certificate is of the new authority. Nodes that do not trust it cannot connect then: they are
 * named in the refusal (CAS_CONFLICT), unless it is forced. Returns the names of those that are locked out.
 */
export async function finishRotation(
  ctx: ServerContext,
  actor: Actor,
  isForced: boolean,
): Promise<Result<readonly string[]>> {
  const { fingerprint } = ctx.authorities.issuing;
  const act = { actor, action: 'ca.listener', object: fingerprint, detail: { isForced } };
  const finished = await audited(ctx, act, async (unit) => {
    await ctx.authorities.refresh(unit.tx);
    checkUnderWay(ctx);
    if (ctx.authorities.serving === ctx.authorities.issuing)
      throw casError('CAS_CONFLICT', 'the agent listener has its certificate of the new authority already');
    const strangers = strangersTo(ctx.authorities.issuing, await unit.tx.authorities.nodes());
    if (strangers.length > 0 && !isForced)
      throw casError(
        'CAS_CONFLICT',
        `${named(strangers)} would be locked out: not confirmed that the new authority is trusted`,
      );
    await unit.tx.authorities.serve(ctx.authorities.issuing.fingerprint, unit.now);
    return strangers.map(({ name }) => name);
  });
  await ctx.authorities.refresh(ctx.store.read);
  return finished;
}

/** The same by the server itself, as soon as every node has confirmed. Returns whether it was time. */
export async function finishWhenConfirmed(ctx: ServerContext): Promise<boolean> {
  const { authorities } = ctx;
  if (authorities.serving === authorities.issuing) return false;
  if (strangersTo(authorities.issuing, await ctx.store.read.authorities.nodes()).length > 0) return false;
  await commit(ctx, async (unit) => {
    await authorities.refresh(unit.tx);
    const { issuing, serving } = authorities;
    if (issuing === serving || strangersTo(issuing, await unit.tx.authorities.nodes()).length > 0) return;
    await unit.tx.authorities.serve(issuing.fingerprint, unit.now);
    await unit.audit({
      actor: 'system',
      action: 'ca.listener',
      object: issuing.fingerprint,
      outcome: 'ok',
      detail: { isForced: false },
    });
  });
  await authorities.refresh(ctx.store.read);
  return true;
}

/**
 * Ends the trust in the authority of before, and destroys its key. Errors: CAS_CONFLICT while the agent listener, or a node,
 * depends on it; nodes are named.
 */
export async function retireAuthority(ctx: ServerContext, actor: Actor): Promise<Result<string>> {
  await ctx.authorities.refresh(ctx.store.read);
  const [oldest] = ctx.authorities.trusted;
  const act = { actor, action: 'ca.retire', object: oldest?.fingerprint ?? '' };
  const retired = await audited(ctx, act, async (unit) => {
    await ctx.authorities.refresh(unit.tx);
    checkUnderWay(ctx);
    const { issuing, serving, trusted } = ctx.authorities;
    if (serving !== issuing)
      throw casError(
        'CAS_CONFLICT',
        'the certificate of the agent listener is of it still: it changes when every node has confirmed ("ca status"), or by "ca rotate --finish --force"',
      );
    const nodes = await unit.tx.authorities.nodes();
    const strangers = new Set(strangersTo(issuing, nodes));
    const dependents = nodes.filter(
      (node) => strangers.has(node) || node.certificateAuthority !== issuing.fingerprint,
    );
    if (dependents.length > 0)
      throw casError(
        'CAS_CONFLICT',
        `${named(dependents)} still depends on it; "castellan-server node retire NODE" is for one that is gone`,
      );
    const all = await unit.tx.authorities.all();
    for (const { fingerprint } of trusted.slice(0, -1)) {
      await unit.tx.authorities.retire(fingerprint, nextRevision(ctx, unit));
      await unit.tx.secrets.remove(all.find((one) => one.fingerprint === fingerprint)?.keyName ?? '');
    }
    return oldest?.fingerprint ?? '';
  });
  await ctx.authorities.refresh(ctx.store.read);
  return retired;
}

function checkUnderWay({ authorities }: ServerContext): void {
  if (authorities.trusted.length < 2)
    throw casError('CAS_CONFLICT', 'no rotation is under way: "castellan-server ca rotate" begins one');
}

function named(nodes: readonly NodeTrust[]): string {
  const names = nodes.slice(0, NAMED_MAX).map(({ name }) => name);
  const more = nodes.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export interface AuthorityView {
  readonly fingerprint: string;
  readonly endsAt: string;
  /** New certificates are of it. */
  readonly issuing: boolean;
  /** The agent listener's certificate is of it. */
  readonly serving: boolean;
  /** How many nodes' certificates are of it. */
  readonly certificates: number;
  /** Names of the nodes that have not confirmed that they trust it. */
  readonly unconfirmed: readonly string[];
}

/** Every authority that is trusted, the oldest first, and how the nodes stand to it. */
export async function authorityStatus(ctx: ServerContext): Promise<readonly AuthorityView[]> {
  const { authorities, store } = ctx;
  await authorities.refresh(store.read);
  const nodes = await store.read.authorities.nodes();
  return authorities.trusted.map((one) => ({
    fingerprint: one.fingerprint,
    endsAt: new Date(one.notAfter).toISOString(),
    issuing: one === authorities.issuing,
    serving: one === authorities.serving,
    certificates: nodes.filter((node) => node.certificateAuthority === one.fingerprint).length,
    // By the one that it was enrolled at a node reaches the server, whether it says so or not.
    unconfirmed: strangersTo(one, nodes)
      .filter((node) => node.trusts !== null || node.certificateAuthority !== one.fingerprint)
      .map(({ name }) => name),
  }));
}
