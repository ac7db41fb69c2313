import { datasourceUris } from '@castellan/momentum';
import type { CredentialEntriesFact } from '../../facts/credential-entries.js';
import type { Facts } from '../../facts/facts.generated.js';
import {
  type CredentialEntry,
  ECCFG_ENTRY,
  storedCredentials,
} from '../../knowledge/momentum/stored-credentials.js';
import { defineCollector } from '../../units/fact.js';

/** Data sources of one configuration; a host each. */
const HOSTS_MAX = 50;

export default defineCollector({
  name: 'credentialEntries',
  needs: ['momentumConfig', 'credentialStore'],
  title: 'Which entries the credential store has, by credmgr get_cred without passwords',
  timeoutMs: 40_000,
  evidence: 'files-and-system',
  async collect({ exec, files, facts }): Promise<CredentialEntriesFact> {
    const { credentialStore, momentumConfig } = facts;
    const { doubts } = momentumConfig;
    if (!credentialStore.isEnabled)
      return { listing: { kind: 'not-listed', why: 'securecreds is off' }, doubts };
    const stored = await storedCredentials({ exec, files }, credentialStore);
    if (stored.kind === 'not-listed') return { listing: stored, doubts };
    const entries = [
      ...requiredBy(momentumConfig).map((entry) => ({ ...entry, isRequired: true })),
      { ...ECCFG_ENTRY, isRequired: false },
    ];
    return {
      listing: {
        kind: 'listed',
        entries: entries.map((entry) => ({ ...entry, isPresent: stored.has(entry) })),
      },
      doubts,
    };
  },
});

/** Manual, modules.securecreds: the repository server's, and the database's by each name that it is reached by. */
function requiredBy({ configs }: Facts['momentumConfig']): CredentialEntry[] {
  const named = configs.flatMap(({ config }) =>
    datasourceUris(config)
      .filter(({ driver, scope }) => driver === 'pgsql' && scope.at(-1)?.name?.toLowerCase() === 'ecdb')
      .map(({ host }) => host ?? 'localhost'),
  );
  const hosts = [...new Set(['localhost', ...named])].slice(0, HOSTS_MAX);
  return [
    { hostname: '_ecconfigd_', facility: 'ecconfigd' },
    ...hosts.flatMap((hostname) => [
      { hostname, facility: 'pgsql' },
      { hostname, facility: 'ecdb' },
    ]),
  ];
}
