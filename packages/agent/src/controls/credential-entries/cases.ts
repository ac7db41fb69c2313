import { caseStore } from '../../../testing/cases/store.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Fact = Facts['credentialEntries'];
type Listing = Fact['listing'];

const NAMES = ['_ecconfigd_ ecconfigd', 'localhost pgsql', 'localhost ecdb', 'db1 pgsql', 'db1 ecdb'];
const listed = (missing: readonly string[]): Listing => ({
  kind: 'listed',
  entries: [...NAMES, 'ecconfigd eccfg'].map((name) => {
    const [hostname = '', facility = ''] = name.split(' ');
    return { hostname, facility, isRequired: facility !== 'eccfg', isPresent: !missing.includes(name) };
  }),
});
const facts =
  (listing: Listing, isEnabled = true, doubts: Fact['doubts'] = []) =>
  (): Partial<Facts> => ({ ...caseStore({ isEnabled }), credentialEntries: { listing, doubts } });
const missing = (...names: readonly string[]) => facts(listed(names));

export default defineCases([
  { name: 'all are there', facts: missing(), expect: { status: 'pass' } },
  {
    name: 'the repository server’s is missing',
    facts: missing('_ecconfigd_ ecconfigd'),
    expect: { status: 'fail', severity: 'medium', violations: 1 },
  },
  {
    name: 'the database’s by its own name is missing',
    facts: missing('db1 pgsql'),
    expect: { status: 'fail', severity: 'medium' },
  },
  {
    name: 'the web UI’s is missing',
    facts: missing('localhost ecdb'),
    expect: { status: 'fail', severity: 'medium' },
  },
  {
    name: 'only eccfg’s is missing, which one page requires and the other does not',
    facts: missing('ecconfigd eccfg'),
    expect: {
      status: 'fail',
      severity: 'low',
      subjects: {
        'ecconfigd at _ecconfigd_': 'pass',
        'pgsql at localhost': 'pass',
        'ecdb at localhost': 'pass',
        'pgsql at db1': 'pass',
        'ecdb at db1': 'pass',
        'eccfg at ecconfigd': 'fail',
      },
    },
  },
  {
    name: 'two are missing',
    facts: missing('localhost pgsql', 'localhost ecdb'),
    expect: { status: 'fail', violations: 2 },
  },
  {
    name: 'credmgr was not run',
    facts: facts({ kind: 'not-listed', why: 'unstarted' }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a data source may name another host',
    facts: facts(listed([]), true, [{ kind: 'incomplete', reason: '/x.conf could not be read' }]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'securecreds is off',
    facts: facts({ kind: 'not-listed', why: 'off' }, false),
    expect: { status: 'not-applicable' },
  },
]);
