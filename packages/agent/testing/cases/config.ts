import { loadConfig } from '@castellan/momentum';
import type { Facts } from '../../src/facts/facts.generated.js';

export const CASE_MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';

/** The fact of a node whose whole configuration is this text. */
export function caseConfig(text: string): Pick<Facts, 'momentumConfig'> {
  const config = loadConfig(
    {
      read: (path) =>
        path === CASE_MAIN
          ? { ok: true, text }
          : {
              ok: false,
              problem: path.endsWith('/local_changes.conf') ? 'missing' : 'denied',
              detail: 'not read',
            },
      list: () => null,
    },
    CASE_MAIN,
  );
  return {
    momentumConfig: {
      configs: [{ kind: 'mta', main: CASE_MAIN, config }],
      unread: config.unread,
      diagnostics: [],
    },
  };
}

/** With the release that the documented gates of TLS_Protocols begin with. */
export function caseTls(
  text: string,
  version: string | null = '3.6.6',
): Pick<Facts, 'momentumConfig' | 'momentumVersion'> {
  return { ...caseConfig(text), ...caseVersion(version) };
}

export function caseVersion(version: string | null): Pick<Facts, 'momentumVersion'> {
  return {
    momentumVersion: {
      version,
      from: version ? 'console' : 'unknown',
      detail: '',
      tlsLibrary: { name: null, version: null, from: 'unknown' },
    },
  };
}
