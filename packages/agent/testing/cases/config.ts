import { type Config, loadConfig, SEARCH_PATH } from '@castellan/momentum';
import type { Facts } from '../../src/facts/facts.generated.js';
import { CASE_ECUSER } from './node.js';
import { caseUnprobed } from './served.js';

export const CASE_MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';

/** The fact of a node whose configuration is this, at `main`, and nothing beside it. */
export function caseMomentumConfig(config: Config, main = CASE_MAIN): Facts['momentumConfig'] {
  return {
    configs: [{ kind: 'mta', instance: 'ecelerity', main, config }],
    searchPath: SEARCH_PATH.filter((folder) => !folder.includes('{')),
    runUser: { name: 'ecuser', at: null, principal: CASE_ECUSER },
    unread: config.unread,
    doubts: [],
    diagnostics: [],
  };
}

/** The same of these files, by path; what is not among them may not be read. */
export function caseFiles(texts: Readonly<Record<string, string>>): Pick<Facts, 'momentumConfig'> {
  const config = loadConfig(
    {
      read: (path) => {
        const text = texts[path];
        if (text !== undefined) return { ok: true, text };
        // Momentum makes this file when the first change is written back; until then it is not there.
        const problem = path.endsWith('/local_changes.conf') ? 'missing' : 'denied';
        return { ok: false, problem, detail: 'not read' };
      },
      list: () => null,
    },
    CASE_MAIN,
  );
  return { momentumConfig: caseMomentumConfig(config) };
}

/** The fact of a node whose whole configuration is this text. */
export function caseConfig(text: string): Pick<Facts, 'momentumConfig'> {
  return caseFiles({ [CASE_MAIN]: text });
}

/** With the release that the documented gates of TLS_Protocols begin with. */
export function caseTls(
  text: string,
  version: string | null = '3.6.6',
  openssl: string | null = null,
): Pick<Facts, 'momentumConfig' | 'momentumVersion' | 'servedTls'> {
  return { ...caseConfig(text), ...caseVersion(version, openssl), ...caseUnprobed() };
}

export function caseVersion(
  version: string | null,
  openssl: string | null = null,
): Pick<Facts, 'momentumVersion'> {
  return {
    momentumVersion: {
      version,
      from: version ? 'console' : 'unknown',
      detail: '',
      tlsLibrary:
        openssl === null
          ? { name: null, version: null, from: 'unknown' }
          : { name: 'openssl', version: openssl, from: 'program' },
    },
  };
}
