import { caseFiles, CASE_MAIN as MAIN } from '../../../testing/cases/config.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const OTHER = '/opt/msys/ecelerity/etc/conf/default/other.conf';

interface Node {
  readonly files: Readonly<Record<string, string>>;
  readonly version?: string | null;
  readonly blocksElsewhere?: Facts['credentialStore']['blocksElsewhere'];
}

function facts({ files, version = '3.6.6', blocksElsewhere = [] }: Node): () => Partial<Facts> {
  return () => {
    const none = {
      realPath: null,
      state: 'missing',
      access: null,
      dev: null,
      ino: null,
      isSqlite: null,
    } as const;
    const pair = {
      database: { path: '/opt/msys/etc/credentials.db', ...none },
      key: { path: '/opt/msys/etc/credentials.key', ...none },
    };
    return {
      ...caseFiles(files),
      momentumVersion: {
        version,
        from: 'assumed',
        detail: '',
        tlsLibrary: { name: null, version: null, from: '' },
      },
      credentialStore: {
        isEnabled: false,
        blocksElsewhere,
        ...pair,
        namedBy: null,
        other: pair,
        split: false,
        siblings: [],
        folder: { path: '/opt/msys/etc', access: null },
      },
    };
  };
}

const main = (text: string, over: Partial<Node> = {}) => facts({ files: { [MAIN]: text }, ...over });

export default defineCases([
  {
    name: 'an empty block: every option has a default',
    facts: main('securecreds {}\n'),
    expect: { status: 'pass' },
  },
  {
    name: 'a block in an included file',
    facts: facts({ files: { [MAIN]: `include "${OTHER}"\n`, [OTHER]: 'securecreds {\n}\n' } }),
    expect: { status: 'pass' },
  },
  {
    name: 'a block, and a version that nobody knows',
    facts: main('securecreds {}\n', { version: null }),
    expect: { status: 'pass' },
  },
  {
    name: 'no block',
    facts: main('Hostname = "mta1.example.com"\n'),
    expect: { status: 'fail', violations: 1, at: { file: MAIN } },
  },
  {
    name: 'a block in a comment',
    facts: main('# securecreds {}\n'),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a block that is switched off',
    facts: main('\nsecurecreds {\n  enabled = false\n}\n'),
    expect: { status: 'fail', violations: 1, at: { file: MAIN, line: 2 } },
  },
  {
    name: 'a block in a file that no include reaches',
    facts: main('Hostname = "mta1.example.com"\n', { blocksElsewhere: [{ file: OTHER, line: 1 }] }),
    expect: { status: 'fail', violations: 2 },
  },
  {
    name: 'no block, and a version that nobody knows',
    facts: main('', { version: null }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'no block seen, and an include that cannot be read',
    facts: main(`include "${OTHER}"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'Momentum 3.1 has no such module',
    facts: main('', { version: '3.1.4' }),
    expect: { status: 'not-applicable' },
  },
]);
