import { loadConfig } from '@castellan/momentum';
export const CASE_MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
/** The fact of a node whose whole configuration is this text. */
export function caseConfig(text) {
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
export function caseTls(text, version = '3.6.6') {
  return { ...caseConfig(text), ...caseVersion(version) };
}
export function caseVersion(version) {
  return {
    momentumVersion: {
      version,
      from: version ? 'console' : 'unknown',
      detail: '',
      tlsLibrary: { name: null, version: null, from: 'unknown' },
    },
  };
}
//# sourceMappingURL=config.js.map
