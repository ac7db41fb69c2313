import { caseFiles, CASE_MAIN as MAIN } from '../../../testing/cases/config.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const DATABASE = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';

const facts = (files: Readonly<Record<string, string>>) => (): Partial<Facts> => caseFiles(files);

const datasource = (uri: string) => `Datasource "ecdb" {\n  uri = ( "${uri}" )\n}\n`;
const main = (text: string) => facts({ [MAIN]: text });

export default defineCases([
  {
    name: 'a uri without a password',
    facts: main(datasource('pgsql:host=localhost;dbname=ecelerity;user=ecuser')),
    expect: { status: 'pass' },
  },
  {
    name: 'a password in a Datasource',
    facts: main(datasource('pgsql:host=localhost;user=ecuser;password=not-a-real-one')),
    expect: { status: 'fail', violations: 1, at: { file: MAIN, line: 2 } },
  },
  {
    name: 'a password in an included file',
    facts: facts({
      [MAIN]: `readonly_include "${DATABASE}"\n`,
      [DATABASE]: datasource('pgsql:user=ecuser;password=not-a-real-one'),
    }),
    expect: { status: 'fail', violations: 1, at: { file: DATABASE, line: 2 } },
  },
  {
    name: 'a variable is no password',
    facts: main(datasource('ldap:host=ldap.example.com;x-bindpw=$password')),
    expect: { status: 'pass' },
  },
  {
    name: 'a password in a comment only',
    facts: main('# uri = ( "pgsql:user=ecuser;password=not-a-real-one" )\n'),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: MAIN, line: 1 } },
  },
  {
    name: 'nothing seen, and an include that cannot be read',
    facts: main(`readonly_include "${DATABASE}"\n`),
    expect: { status: 'indeterminate' },
  },
]);
