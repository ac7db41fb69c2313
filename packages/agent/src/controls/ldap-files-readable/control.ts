import type { Facts } from '../../facts/facts.generated.js';
import { ldapUse } from '../../knowledge/momentum/ldap-use.js';
import { describeAccess } from '../../knowledge/permissions/path-access.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type LdapFile = Facts['ldapFiles']['files'][number];

export default defineControl({
  id: 'MOM-LDAP-003',
  slug: 'ldap-files-readable',
  title: 'ldap.conf & CA readable by ecuser',
  severity: 'medium',
  subject: 'ldap client',
  reads: ['momentumConfig', 'ldapClient', 'ldapFiles', 'install'],
  sources: [manual3('conf.ldaps')],
  remediation: 'ldap-strict',
  params: {},

  evaluate({ facts: { momentumConfig, ldapClient, ldapFiles, install } }) {
    const use = ldapUse(momentumConfig);
    if (use.at === null)
      return use.doubt === null
        ? notApplicable('No setting of the configuration names a directory.')
        : indeterminate(`No directory was seen, but ${use.doubt}.`);
    const { name } = momentumConfig.runUser;
    return ldapFiles.files.map((file) => judgement(file.path, judge(file, ldapClient.path, name, install)));
  },
});

function judge(
  { path, what, line, isMissing, reach }: LdapFile,
  settings: string,
  user: string,
  names: Facts['install'],
): Outcome {
  if (isMissing && what === 'settings') return notApplicable(`There is no ${path} (MOM-LDAP-002).`);
  if (isMissing)
    return fail(`${path} is missing: the directory's certificate cannot be checked.`, [
      {
        at: { file: settings, ...(line === null ? {} : { line }) },
        found: `it names ${path}, and there is nothing`,
        proposed: 'the certificate of the directory’s authority, readable by all',
      },
    ]);
  if (reach === null) return indeterminate(`There is no user ${user} in etc/passwd, as whom Momentum runs.`);
  if (reach.kind === 'unknown')
    return indeterminate(`Whether ${user} can read ${path} is not known (${reach.problem}).`);
  if (reach.kind === 'readable') return pass(`${user} can read ${path}.`);
  return fail(`${user} cannot read ${path}: nobody can sign in by the directory.`, [
    {
      at: { file: reach.path },
      found: `${describeAccess(reach.access, names)}: closed to ${user}`,
      proposed: reach.path === path ? 'readable by all (a+r)' : 'readable and passable by all (a+rx)',
    },
  ]);
}
