import { CASE_MAIN, caseConfig } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const facts = (text: string) => () => caseConfig(text);
const SOURCE = 'Datasource "ad" {\n  uri = ( "ldaps://ad.example.com/" )\n}\n';
const module = (name: string, ...lines: readonly string[]) =>
  `${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
const DEBUG = 'debug_level = "DEBUG"';
const at = { file: CASE_MAIN, line: 2 };

export default defineCases([
  {
    name: 'the LDAP driver',
    facts: facts(module('ds_ldap', DEBUG)),
    expect: { status: 'fail', severity: 'high', violations: 1, at, subjects: { 'Ds_Ldap::': 'fail' } },
  },
  {
    name: 'the core of data sources',
    facts: facts(module('ds_core', DEBUG)),
    expect: { status: 'fail', at },
  },
  {
    name: 'both, as the manual shows it',
    facts: facts(`${module('ds_ldap', DEBUG)}${module('ds_core', DEBUG)}`),
    expect: { status: 'fail', violations: 2, subjects: { 'Ds_Ldap::': 'fail', 'Ds_Core::': 'fail' } },
  },
  {
    name: 'without quotes and in small letters',
    facts: facts(module('DS_LDAP', 'Debug_Level = debug')),
    expect: { status: 'fail', at },
  },
  {
    name: 'one of the two',
    facts: facts(`${module('ds_core', 'debug_level = "INFO"')}${module('ds_ldap', DEBUG)}`),
    expect: { status: 'fail', violations: 1, subjects: { 'Ds_Ldap::': 'fail', 'Ds_Core::': 'pass' } },
  },
  {
    name: 'the last of two lines counts',
    facts: facts(module('ds_ldap', DEBUG, 'debug_level = "ERROR"')),
    expect: { status: 'pass' },
  },
  {
    name: 'the last of two lines counts, the other way round',
    facts: facts(module('ds_ldap', 'debug_level = "ERROR"', DEBUG)),
    expect: { status: 'fail', at: { file: CASE_MAIN, line: 3 } },
  },
  { name: 'the block says nothing of it', facts: facts(module('ds_ldap')), expect: { status: 'pass' } },
  {
    name: 'data sources without a block',
    facts: facts(SOURCE),
    expect: { status: 'pass', subjects: { 'ds-debug': 'pass' } },
  },
  {
    name: 'a level that logs less',
    facts: facts(module('ds_core', 'debug_level = NOTICE')),
    expect: { status: 'pass' },
  },
  { name: 'another module', facts: facts(`${SOURCE}${module('mxip', DEBUG)}`), expect: { status: 'pass' } },
  {
    name: 'a module that is switched off',
    facts: facts(module('ds_ldap', 'enabled = false', DEBUG)),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a debug level at the top is no module’s',
    facts: facts(`${DEBUG}\n${module('ds_ldap')}`),
    expect: { status: 'pass' },
  },
  { name: 'no data source', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'a level that no page names',
    facts: facts(module('ds_ldap', 'debug_level = "verbose"')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(`${SOURCE}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate', subjects: { 'ds-debug': 'pass', 'ds-debug unread': 'indeterminate' } },
  },
  {
    name: 'DEBUG, whatever stands in a file of another scope',
    facts: facts(`${module('ds_ldap', DEBUG)}Binding "b" { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', violations: 1 },
  },
]);
