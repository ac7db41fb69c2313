import { CASE_MAIN, caseConfig } from '../../../testing/cases/config.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const ldapClient = (state: Facts['ldapClient']['state']) => ({
  path: '/opt/msys/3rdParty/etc/openldap/ldap.conf',
  state,
  settings: [],
});
const facts =
  (text: string, state: Facts['ldapClient']['state'] = 'parsed') =>
  () => ({ ...caseConfig(text), ldapClient: ldapClient(state) });
const source = (uri: string, more = 'no_cache = "true"') =>
  `Datasource "ad" { uri = ( "${uri}" ) ${more} }\n`;
const GOOD = 'ldap:ldaps://ad.example.com/?x-ldap-version=3';
const at = { file: CASE_MAIN, line: 1 };

export default defineCases([
  { name: 'no LDAP', facts: facts(''), expect: { status: 'not-applicable' } },
  {
    name: 'plain LDAP',
    facts: facts(source('ldap:ldap://ad.example.com/?x-ldap-version=3')),
    expect: { status: 'fail', severity: 'high', violations: 1, at },
  },
  {
    name: 'plain LDAP is told, whatever else could not be read',
    facts: facts(`${source('ldap:ldap://ad.example.com/')}include "/etc/unreadable.conf"\n`),
    expect: { status: 'fail', severity: 'high', violations: 1 },
  },
  {
    name: 'a module that binds by a query of its own',
    facts: facts('auth_ds "ad" {\n  query = "ldap://ad.example.com/dc=example?uid?sub"\n}\n'),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'a module that binds over ldaps',
    facts: facts('auth_ds "ad" {\n  query = "ldaps://ad.example.com/dc=example?uid?sub"\n}\n'),
    expect: { status: 'pass' },
  },
  {
    name: 'ldaps without the version',
    facts: facts(source('ldap:ldaps://ad.example.com/')),
    expect: { status: 'fail', severity: 'low', violations: 1, at },
  },
  {
    name: 'another version that begins alike',
    facts: facts(source('ldap:ldaps://ad.example.com/?x-ldap-version=30')),
    expect: { status: 'fail', severity: 'low', violations: 1, at },
  },
  {
    name: 'what the directory says is cached',
    facts: facts(source(GOOD, '')),
    expect: { status: 'fail', severity: 'low', violations: 1, at },
  },
  {
    name: 'the data source of before is left',
    facts: facts(`${source(GOOD)}Datasource "ecdb" { uri = ( "pgsql:host=db" ) }\n`),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'the directory itself is called ecdb',
    facts: facts(source(GOOD).replace('"ad"', '"ecdb"')),
    expect: { status: 'pass' },
  },
  { name: 'ldaps as it should be', facts: facts(source(GOOD)), expect: { status: 'pass' } },
  {
    name: 'a good source beside a file that was not read',
    facts: facts(`${source(GOOD)}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the client settings could not be read',
    facts: facts(source(GOOD), 'denied'),
    expect: { status: 'indeterminate' },
  },
]);
