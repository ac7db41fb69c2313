import type { Facts } from '../../facts/facts.generated.js';
import type { LdapFile, LdapFilesFact } from '../../facts/ldap-files.js';
import { PathAccess } from '../../knowledge/permissions/path-access.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

type User = Facts['momentumConfig']['runUser']['principal'];

export default defineCollector({
  name: 'ldapFiles',
  needs: ['momentumConfig', 'ldapClient'],
  title: 'Whether Momentum’s user can read the LDAP client’s settings and its authorities',
  timeoutMs: 5_000,
  evidence: 'files',
  collect({ files, facts }): LdapFilesFact {
    const { path, settings } = facts.ldapClient;
    const user = facts.momentumConfig.runUser.principal;
    const last = (key: string) => settings.findLast((setting) => setting.key === key);
    const named = (['TLS_CACERT', 'TLS_CACERTDIR'] as const).flatMap((key) => {
      const setting = last(key);
      if (!setting) return [];
      return [look(files, user, setting.value.trim(), 'authorities', setting.line, key === 'TLS_CACERTDIR')];
    });
    return { files: [look(files, user, path, 'settings', null, false), ...named] };
  },
});

function look(
  files: FileReader,
  user: User,
  path: string,
  what: LdapFile['what'],
  line: number | null,
  isFolder: boolean,
): LdapFile {
  const stat = files.stat(path);
  const isMissing = !stat.ok && stat.problem === 'missing';
  if (user === null || isMissing) return { path, what, line, isMissing, reach: null };
  const found = new PathAccess(files, user).check(path, isFolder ? 'search' : 'read');
  const reach =
    found.kind === 'granted'
      ? ({ kind: 'readable' } as const)
      : found.kind === 'denied'
        ? ({ kind: 'denied', path: found.path, access: found.access } as const)
        : ({ kind: 'unknown', problem: found.problem } as const);
  return { path, what, line, isMissing, reach };
}
