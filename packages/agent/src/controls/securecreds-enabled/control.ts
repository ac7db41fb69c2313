import { compareVersions, hasModule } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Loaded = Facts['momentumConfig']['configs'][number];

/** Manual, modules.securecreds: the module came with 3.2. */
const SINCE = '3.2';
const PROPOSED = 'securecreds {} with the credentials stored by credmgr';

export default defineControl({
  id: 'MOM-CRED-001',
  slug: 'securecreds-enabled',
  title: 'Securecreds enabled',
  severity: 'high',
  subject: 'securecreds',
  reads: ['momentumConfig', 'momentumVersion', 'credentialStore'],
  sources: [manual3('modules.securecreds'), manual3('install.security')],
  remediation: 'securecreds-enable',
  params: {},

  evaluate({ facts: { momentumConfig, momentumVersion, credentialStore } }) {
    const { version } = momentumVersion;
    if (version !== null && compareVersions(version, SINCE) < 0) {
      return notApplicable(`Momentum ${version} has no securecreds module; it came with ${SINCE}.`);
    }
    const without = momentumConfig.configs.filter(({ config }) => !hasModule(config, 'securecreds')?.enabled);
    if (without.length === 0)
      return pass(`securecreds is in force: ${momentumConfig.configs.map(whereOf).join(', ')}.`);
    // What could not be read may hold the block; a block that is switched off has been read.
    const unsure = without.every(
      ({ config }) => hasModule(config, 'securecreds') === null && config.unread.length > 0,
    );
    if (unsure)
      return indeterminate(
        `No securecreds block was seen, but ${unreadList(without)} could not be read and may hold it.`,
      );
    const idle = credentialStore.blocksElsewhere.map(
      (at): Violation => ({
        at,
        found: 'a securecreds block in a file that no include reaches: it does nothing',
      }),
    );
    const elsewhere = idle.length > 0 ? ' The block that is there is in a file that no include reaches.' : '';
    return fail(
      `Passwords of databases and services are kept in clear text: securecreds is not enabled.${elsewhere}`,
      [...without.map(violation), ...idle],
    );
  },
});

function violation({ config }: Loaded): Violation {
  const module = hasModule(config, 'securecreds');
  if (module) return { at: module.at, found: 'securecreds with enabled = false', proposed: PROPOSED };
  return {
    at: { file: config.main },
    found: 'no securecreds block, here or in what it includes',
    proposed: PROPOSED,
  };
}

function whereOf({ config }: Loaded): string {
  const at = hasModule(config, 'securecreds')?.at;
  return at ? `${at.file}:${at.line}` : config.main;
}

function unreadList(configs: readonly Loaded[]): string {
  return configs
    .flatMap(({ config }) => config.unread.map(({ path }) => path))
    .slice(0, 5)
    .join(', ');
}
