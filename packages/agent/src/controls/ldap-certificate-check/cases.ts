import { caseConfig } from '../../../testing/cases/config.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Client = Facts['ldapClient'];

const PATH = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const AD = 'Datasource "ad" {\n  uri = ( "ldaps://ad.example.com/?x-ldap-version=3" )\n}\n';

const facts =
  (values: readonly string[], state: Client['state'] = 'parsed', config = AD) =>
  (): Partial<Facts> => ({
    ...caseConfig(config),
    ldapClient: {
      path: PATH,
      state,
      settings: values.map((value, index) => ({ key: 'TLS_REQCERT', value, line: index + 1 })),
    },
  });

export default defineCases([
  { name: 'demand', facts: facts(['demand']), expect: { status: 'pass', subjects: { [PATH]: 'pass' } } },
  { name: 'hard', facts: facts(['HARD']), expect: { status: 'pass' } },
  { name: 'not set: the library demands', facts: facts([]), expect: { status: 'pass' } },
  {
    name: 'never',
    facts: facts(['never']),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: PATH, line: 1 } },
  },
  { name: 'allow', facts: facts(['allow']), expect: { status: 'fail', severity: 'high' } },
  { name: 'try', facts: facts(['try']), expect: { status: 'fail', severity: 'low' } },
  {
    name: 'of two the last counts',
    facts: facts(['demand', 'never']),
    expect: { status: 'fail', severity: 'high', at: { line: 2 } },
  },
  {
    name: 'of two the last counts, the other way round',
    facts: facts(['never', 'demand']),
    expect: { status: 'pass' },
  },
  { name: 'a word that is none', facts: facts(['always']), expect: { status: 'indeterminate' } },
  {
    name: 'no ldap.conf',
    facts: facts([], 'missing'),
    expect: { status: 'fail', severity: 'low', at: { file: PATH } },
  },
  {
    name: 'an ldap.conf that may not be read',
    facts: facts([], 'denied'),
    expect: { status: 'indeterminate' },
  },
  { name: 'no directory', facts: facts(['never'], 'parsed', ''), expect: { status: 'not-applicable' } },
]);
