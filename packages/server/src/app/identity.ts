import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import type { Vault } from '../ports/vault.js';
import { type Authorities, openAuthorities } from '../services/authorities.js';
import { authorityName } from '../services/rotate-authority.js';
import type { Store } from '../store/store.js';

export interface Identity {
  readonly serverId: string;
  readonly authorities: Authorities;
  /** True when it was made just now: the first start. */
  readonly isNew: boolean;
}

interface Deps {
  readonly store: Store;
  readonly vault: Vault;
  readonly maker: AuthorityMaker;
  readonly random: Random;
  readonly clock: Clock;
}

/** This server's name and authorities, the first made once. Two processes that start at once agree: the store has one writer. */
export async function openIdentity(deps: Deps): Promise<Identity> {
  const { store, vault, maker } = deps;
  const known = await store.read.secrets.fact('serverId');
  const isNew = known === null && (await makeIdentity(deps));
  const { secrets } = store.read;
  const serverId = await mustHave(secrets.fact('serverId'));
  const commandKey = vault.open(await mustHave(secrets.get('commandKey')), 'commandKey');
  const authorities = await openAuthorities(store.read, deps, await maker.openSigner(commandKey));
  return { serverId, authorities, isNew };
}

async function makeIdentity({ store, vault, maker, random, clock }: Deps): Promise<boolean> {
  const serverId = random.id('srv');
  const material = await maker.make(authorityName(serverId, 1));
  const commandKey = await maker.makeCommandKey();
  const { fingerprint } = await maker.open(material);
  return store.transaction(async ({ secrets, authorities }) => {
    if ((await secrets.fact('serverId')) !== null) return false;
    const now = clock.now();
    await secrets.put('rootKey', vault.seal(material.rootKeyPkcs8, 'rootKey'), now);
    await secrets.put('commandKey', vault.seal(commandKey, 'commandKey'), now);
    await authorities.add({ fingerprint, rootPem: material.rootPem, keyName: 'rootKey', madeAt: now });
    await authorities.serve(fingerprint, now);
    await secrets.setFact('serverId', serverId);
    return true;
  });
}

async function mustHave(value: Promise<string | null>): Promise<string> {
  const found = await value;
  if (found === null) throw new Error('the database holds a part of an identity: restore the backup');
  return found;
}
