import { caseVersion } from '../../../testing/cases/config.js';
import { CASE_CONF as CONF, caseInstall, caseTree } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Tree = Facts['configTree'];

const facts =
  (over: Partial<Tree>, version: string | null = '3.0.16') =>
  (): Partial<Facts> => ({
    ...caseVersion(version),
    install: caseInstall(),
    configTree: caseTree({ workingCopy: true, ...over }),
  });

const ofRoot = (name: string, mode: number, readable: boolean) => ({
  path: `${CONF}/default/${name}`,
  access: { uid: 0, gid: 0, mode },
  readable,
});

export default defineCases([
  { name: 'everything belongs to ecuser', facts: facts({}), expect: { status: 'pass' } },
  {
    name: "root's file that ecuser cannot read",
    facts: facts({ foreign: [ofRoot('new.conf', 0o640, false)] }),
    expect: { status: 'fail', violations: 1, at: { file: `${CONF}/default/new.conf` } },
  },
  {
    name: "root's file that everybody can read",
    facts: facts({ foreign: [ofRoot('new.conf', 0o644, true)] }),
    expect: { status: 'fail', severity: 'low', violations: 1 },
  },
  {
    name: 'the same with a release whose eccfg sets the owner itself',
    facts: facts({ foreign: [ofRoot('new.conf', 0o644, true)] }, '3.0.17'),
    expect: { status: 'pass' },
  },
  {
    name: 'the same with a release that is not known',
    facts: facts({ foreign: [ofRoot('new.conf', 0o644, true)] }, null),
    expect: { status: 'indeterminate', violations: 1 },
  },
  {
    name: 'one of each: the one that bars is what is told',
    facts: facts({ foreign: [ofRoot('open.conf', 0o644, true), ofRoot('closed.conf', 0o600, false)] }),
    expect: { status: 'fail', violations: 1, at: { file: `${CONF}/default/closed.conf` } },
  },
  {
    name: 'a folder not looked into',
    facts: facts({ unseen: [{ path: CONF, problem: 'denied' }] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a tree too large to walk',
    facts: facts({ isTruncated: true }),
    expect: { status: 'indeterminate' },
  },
]);
