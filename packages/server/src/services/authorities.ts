import { assert } from '@castellan/shared/base/assert';
import { bundleOf } from '@castellan/shared/base/pem-bundle';
import type { Result } from '@castellan/shared/base/result';
import type { Authority, CommandSigner, NodeIdentity } from '../ports/authority.js';
import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { Vault } from '../ports/vault.js';
import type { AuthorityRecord } from '../store/authority.repository.js';
import type { Repositories } from '../store/store.js';

/** This server's authorities and the key of its commands, as the store last said. */
export interface Authorities extends CommandSigner {
  /** Those whose certificates are good: the oldest first. */
  readonly trusted: readonly Authority[];
  /** The newest: new certificates are of it. */
  readonly issuing: Authority;
  /** The agent listener's certificate is of it; enrolment tokens name it. */
  readonly serving: Authority;
  /** Their roots (PEM), the serving one first: what a node that joins now is to trust. */
  readonly bundlePem: string;
  /** When one was made or retired last, milliseconds since 1970. */
  readonly revision: number;
  /** Who shows this certificate (DER): by the authority that issued it. */
  identify(certificateDer: Uint8Array | null): Result<NodeIdentity>;
  /** Reads again what another process may have changed. Inside a transaction what follows is of the same authorities. */
  refresh(repositories: Pick<Repositories, 'authorities' | 'secrets'>): Promise<void>;
}

interface Loaded {
  readonly trusted: readonly Authority[];
  readonly serving: Authority;
  readonly revision: number;
}

export async function openAuthorities(
  repositories: Pick<Repositories, 'authorities' | 'secrets'>,
  { vault, maker }: { vault: Vault; maker: AuthorityMaker },
  signer: CommandSigner,
): Promise<Authorities> {
  const opened = new Map<string, Authority>();
  const load = async ({ authorities, secrets }: typeof repositories): Promise<Loaded> => {
    const records = await authorities.all();
    const good = records.filter((one) => one.retiredAt === null);
    for (const { fingerprint, keyName, rootPem } of good) {
      if (opened.has(fingerprint)) continue;
      const sealed = await secrets.get(keyName);
      if (sealed === null) throw new Error('the key of an authority is gone: restore the backup');
      opened.set(fingerprint, await maker.open({ rootPem, rootKeyPkcs8: vault.open(sealed, keyName) }));
    }
    const trusted = good.flatMap(({ fingerprint }) => opened.get(fingerprint) ?? []);
    const serving = opened.get(servingOf(good)?.fingerprint ?? '');
    if (!serving) throw new Error('the database holds no authority that serves: restore the backup');
    const revision = Math.max(...records.map((one) => Math.max(one.madeAt, one.retiredAt ?? 0)));
    return { trusted, serving, revision };
  };
  let now = await load(repositories);
  const issuing = () => {
    const newest = now.trusted.at(-1);
    assert(newest, 'there is always an authority');
    return newest;
  };
  return {
    commandKey: signer.commandKey,
    sign: signer.sign,
    get trusted() {
      return now.trusted;
    },
    get issuing() {
      return issuing();
    },
    get serving() {
      return now.serving;
    },
    get revision() {
      return now.revision;
    },
    get bundlePem() {
      const others = now.trusted.filter((one) => one !== now.serving);
      return bundleOf([now.serving, ...others].map(({ rootPem }) => rootPem));
    },
    identify(der) {
      const issuer = der === null ? undefined : now.trusted.find((one) => one.hasIssued(der));
      return (issuer ?? issuing()).identify(der);
    },
    async refresh(from) {
      now = await load(from);
    },
  };
}

/** Of those that are trusted, the one that began to serve last. */
function servingOf(good: readonly AuthorityRecord[]): AuthorityRecord | undefined {
  return [...good]
    .sort((a, b) => (a.servingAt ?? 0) - (b.servingAt ?? 0))
    .findLast((one) => one.servingAt !== null);
}
