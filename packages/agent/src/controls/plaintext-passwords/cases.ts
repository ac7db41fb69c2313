import { loadConfig } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
const DATABASE = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';

function facts(files: Readonly<Record<string, string>>): () => Partial<Facts> {
  return () => {
    const config = loadConfig(
      {
        read: (path) => {
          const text = files[path];
          return text === undefined
            ? // Momentum makes this file when the first change is written back; until then it is not there.
              {
                ok: false,
                problem: path.endsWith('/local_changes.conf') ? 'missing' : 'denied',
                detail: 'not read',
              }
            : { ok: true, text };
        },
        list: () => null,
      },
      MAIN,
    );
    return {
      momentumConfig: {
        configs: [{ kind: 'mta', main: MAIN, config }],
        unread: config.unread,
        diagnostics: [],
      },
    };
  };
}

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
