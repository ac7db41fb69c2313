import { CASE_CONF as CONF, caseInstall, caseTree } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Tree = Facts['configTree'];
type Denied = Tree['denied'][number];

const facts = (over: Partial<Tree>) => (): Partial<Facts> => ({
  install: caseInstall(),
  configTree: caseTree(over),
});

const file = (over: Partial<Denied> = {}): Denied => ({
  path: `${CONF}/default/relays.conf`,
  kind: 'file',
  access: { uid: 0, gid: 0, mode: 0o640 },
  lacks: 'read',
  holdsSecret: false,
  within: null,
  ...over,
});

const folder = (path: string, within: string | null = null): Denied =>
  file({ path, kind: 'directory', lacks: 'search', access: { uid: 0, gid: 0, mode: 0o750 }, within });

export default defineCases([
  { name: 'everything can be read', facts: facts({}), expect: { status: 'pass' } },
  {
    name: "a file of root's with mode 0640",
    facts: facts({ denied: [file()] }),
    expect: { status: 'fail', violations: 1, at: { file: `${CONF}/default/relays.conf` } },
  },
  {
    name: 'a closed folder, and what is closed inside of it: all has to be opened',
    facts: facts({
      denied: [
        folder(`${CONF}/default`),
        folder(`${CONF}/default/dkim`, `${CONF}/default`),
        file({ within: `${CONF}/default` }),
      ],
    }),
    expect: { status: 'fail', violations: 3, at: { file: `${CONF}/default` } },
  },
  {
    name: 'a folder above the configuration',
    facts: facts({ denied: [folder('/opt/msys/etc/installer')] }),
    expect: { status: 'fail', violations: 1, at: { file: '/opt/msys/etc/installer' } },
  },
  {
    name: 'another file may be the main one',
    facts: facts({ doubts: [{ kind: 'incomplete', reason: 'etc/environment:3 was not understood.' }] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a place that the agent cannot look into',
    facts: facts({ unseen: [{ path: `${CONF}/default`, problem: 'denied' }] }),
    expect: { status: 'indeterminate', violations: 1 },
  },
  {
    name: 'a place not looked into does not hide what is certain',
    facts: facts({ unseen: [{ path: `${CONF}/default`, problem: 'denied' }], denied: [file()] }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a tree too large to walk',
    facts: facts({ isTruncated: true }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a link that leads nowhere',
    facts: facts({ brokenLinks: [`${CONF}/old.conf`] }),
    expect: { status: 'pass' },
  },
]);
