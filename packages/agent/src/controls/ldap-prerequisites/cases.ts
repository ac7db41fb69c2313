import { defineCases } from '../../kit/case.js';
import { CASE_MAIN, caseConfig } from '../../kit/case-config.js';
import type { Facts } from '../../kit/fact.js';

const facts =
  (uri: string, state: Facts['ldapClient']['state'] = 'parsed') =>
  () => ({
    ...caseConfig(uri === '' ? '' : `Datasource "ad" { uri = ( "${uri}" ) }\n`),
    ldapClient: { path: '/opt/msys/3rdParty/etc/openldap/ldap.conf', state, settings: [] },
  });
const GOOD = 'ldap:ldaps://ad.example.com/?x-ldap-version=3';

export default defineCases([
  { name: 'no LDAP', facts: facts(''), expect: { status: 'not-applicable' } },
  {
    name: 'plain LDAP',
    facts: facts('ldap:ldap://ad.example.com/?x-ldap-version=3'),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'ldaps without the version',
    facts: facts('ldap:ldaps://ad.example.com/'),
    expect: { status: 'fail', severity: 'low' },
  },
  { name: 'ldaps as it should be', facts: facts(GOOD), expect: { status: 'pass' } },
  {
    name: 'the client settings could not be read',
    facts: facts(GOOD, 'denied'),
    expect: { status: 'indeterminate' },
  },
]);
