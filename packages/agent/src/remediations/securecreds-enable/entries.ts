import { type Config, datasourceUris } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { CREDMGR } from '../../knowledge/momentum/programs.js';
import { type CredentialEntry, ECCFG_ENTRY } from '../../knowledge/momentum/stored-credentials.js';
import type { Step } from '../../units/step.js';

const PROGRAM_MS = 60_000;
const USER = 'ecuser';

/** Manual, modules.securecreds: the entries that must be there; the last one is from executable.credmgr. */
export function requiredEntries(configs: readonly Config[]): CredentialEntry[] {
  const hosts = configs
    .flatMap((config) => datasourceUris(config))
    .flatMap(({ driver, host }) => (driver === 'pgsql' && host !== null ? [host] : []));
  const databases = [...new Set([...hosts.sort(), 'localhost'])];
  return [
    { hostname: '_ecconfigd_', facility: 'ecconfigd' },
    ...databases.flatMap((hostname) => ['pgsql', 'ecdb'].map((facility) => ({ hostname, facility }))),
    ECCFG_ENTRY,
  ];
}

type Program = Extract<Step, { kind: 'program' }>;

/** Both paths are always given: the module and credmgr do not have the same default (Manual, the two pages). */
export function storeSteps(
  { database, key }: Facts['credentialStore'],
  entries: readonly CredentialEntry[],
): Program[] {
  const place = ['-d', database.path, '-k', key.path];
  const step = (id: string, argv: Program['argv'], creates: readonly string[]): Program => ({
    kind: 'program',
    id,
    program: CREDMGR,
    argv,
    timeoutMs: PROGRAM_MS,
    // ASSUMED: credmgr ends with 0 when it worked; the page names no codes. What counts is the listing afterwards.
    expect: { exitCode: 0 },
    creates,
  });
  const isThere = database.state === 'present';
  const files = [database.realPath ?? database.path, key.realPath ?? key.path];
  return [
    ...(isThere
      ? []
      : [
          step(`create ${database.path}`, ['create_db', ...place], files),
          step(`create ${key.path}`, ['create_key', ...place], files),
        ]),
    ...entries.map(({ hostname, facility }) =>
      step(
        `store the password of ${USER} for ${hostname}/${facility}`,
        ['set_cred', ...place, '-u', USER, '-h', hostname, '-f', facility, '-p', { secret: 'password' }],
        isThere ? files.slice(0, 1) : [],
      ),
    ),
  ];
}
