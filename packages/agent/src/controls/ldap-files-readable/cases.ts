import { caseConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type LdapFile = Facts['ldapFiles']['files'][number];

const FOLDER = '/opt/msys/3rdParty/etc/openldap';
const CONF = `${FOLDER}/ldap.conf`;
const CA = `${FOLDER}/ad.pem`;
const AD = 'Datasource "ad" {\n  uri = ( "ldaps://ad.example.com/?x-ldap-version=3" )\n}\n';
const READABLE = { kind: 'readable' } as const;
const ROOTS = { uid: 0, gid: 0, mode: 0o700 };

const conf = (over: Partial<LdapFile> = {}): LdapFile => ({
  path: CONF,
  what: 'settings',
  line: null,
  isMissing: false,
  reach: READABLE,
  ...over,
});
const ca = (over: Partial<LdapFile> = {}) => conf({ path: CA, what: 'authorities', line: 4, ...over });
const facts =
  (files: readonly LdapFile[], config = AD) =>
  (): Partial<Facts> => ({
    ...caseConfig(config),
    install: caseInstall(),
    ldapClient: { path: CONF, state: 'parsed', settings: [] },
    ldapFiles: { files },
  });

export default defineCases([
  {
    name: 'both can be read',
    facts: facts([conf(), ca()]),
    expect: { status: 'pass', subjects: { [CONF]: 'pass', [CA]: 'pass' } },
  },
  {
    name: 'ldap.conf is root’s alone',
    facts: facts([conf({ reach: { kind: 'denied', path: CONF, access: ROOTS } })]),
    expect: { status: 'fail', violations: 1, at: { file: CONF } },
  },
  {
    name: 'its folder is closed',
    facts: facts([conf({ reach: { kind: 'denied', path: FOLDER, access: ROOTS } })]),
    expect: { status: 'fail', at: { file: FOLDER } },
  },
  {
    name: 'the authority is root’s alone',
    facts: facts([conf(), ca({ reach: { kind: 'denied', path: CA, access: ROOTS } })]),
    expect: { status: 'fail', subjects: { [CONF]: 'pass', [CA]: 'fail' } },
  },
  {
    name: 'the authority is missing',
    facts: facts([conf(), ca({ isMissing: true, reach: null })]),
    expect: { status: 'fail', violations: 1, at: { file: CONF, line: 4 } },
  },
  {
    name: 'no ldap.conf is another control’s matter',
    facts: facts([conf({ isMissing: true, reach: null })]),
    expect: { status: 'not-applicable' },
  },
  { name: 'no such user', facts: facts([conf({ reach: null })]), expect: { status: 'indeterminate' } },
  {
    name: 'an access list that could not be read',
    facts: facts([conf({ reach: { kind: 'unknown', problem: 'denied' } })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no directory',
    facts: facts([conf({ reach: { kind: 'denied', path: CONF, access: ROOTS } })], ''),
    expect: { status: 'not-applicable' },
  },
]);
