import { caseConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Place = Facts['writablePlaces']['places'][number];
type Kind = Place['kinds'][number];

const CONF = '/opt/msys/ecelerity/etc/conf';
const BIN = '/opt/msys/ecelerity/bin';
const FILE = `${CONF}/default/ecelerity.conf`;

const entry = (path: string, mode: number, over: Partial<Kind> = {}, ids = [7100, 7100]): Kind => ({
  isFolder: false,
  access: { uid: ids[0] ?? 0, gid: ids[1] ?? 0, mode },
  acl: null,
  count: 1,
  paths: [path],
  ...over,
});
const place = (kinds: readonly Kind[], over: Partial<Place> = {}): Place => ({
  path: CONF,
  kind: 'configuration',
  entriesSeen: 10,
  kinds,
  unseen: [],
  isTruncated: false,
  ...over,
});
const programs = (kinds: readonly Kind[]) => place(kinds, { path: BIN, kind: 'program' });
const facts =
  (places: readonly Place[], runUser: Partial<Facts['momentumConfig']['runUser']> = {}) =>
  (): Partial<Facts> => {
    const { momentumConfig } = caseConfig('');
    return {
      writablePlaces: { places },
      install: caseInstall(),
      momentumConfig: { ...momentumConfig, runUser: { ...momentumConfig.runUser, ...runUser } },
    };
  };
const list = (user: number, bits: number, mask: number) => ({
  acl: { users: [{ uid: user, bits }], groups: [{ gid: null, bits: 4 }], mask },
});

export default defineCases([
  {
    name: 'ecuser’s own, closed to others',
    facts: facts([place([entry(FILE, 0o644)])]),
    expect: { status: 'pass' },
  },
  {
    name: 'a file that everybody may write',
    facts: facts([place([entry(FILE, 0o646)])]),
    expect: { status: 'fail', violations: 1, at: { file: FILE } },
  },
  {
    name: 'many alike that everybody may write: the first are named, all are counted',
    facts: facts([place([entry(FILE, 0o646, { count: 7000, paths: [FILE, `${FILE}.2`] })])]),
    expect: { status: 'fail', violations: 2 },
  },
  {
    name: 'a file that ecuser’s group may write, as Momentum 4 sets it up',
    facts: facts([place([entry(FILE, 0o664), entry(CONF, 0o2775, { isFolder: true })])]),
    expect: { status: 'pass' },
  },
  {
    name: 'a file that root’s group may write',
    facts: facts([place([entry(FILE, 0o664, {}, [0, 0])])]),
    expect: { status: 'pass' },
  },
  {
    name: 'a file that another group may write',
    facts: facts([place([entry(FILE, 0o664, {}, [7100, 50])])]),
    expect: { status: 'fail', violations: 1, at: { file: FILE } },
  },
  {
    name: 'a file that an access list lets another user write',
    facts: facts([place([entry(FILE, 0o664, list(50, 6, 6))])]),
    expect: { status: 'fail', violations: 1, at: { file: FILE } },
  },
  {
    name: 'the same with a mask that takes it away',
    facts: facts([place([entry(FILE, 0o644, list(50, 6, 4))])]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list for ecuser itself',
    facts: facts([place([entry(FILE, 0o664, list(7100, 6, 6), [0, 0])])]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list that could not be read',
    facts: facts([place([entry(FILE, 0o664, { acl: 'unread' })])]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a program that a person owns',
    facts: facts([programs([entry(`${BIN}/eccfg`, 0o755, {}, [1000, 0])])]),
    expect: { status: 'fail', violations: 1, at: { file: `${BIN}/eccfg` } },
  },
  {
    name: 'a person’s program without the write bit, which its owner can set',
    facts: facts([programs([entry(`${BIN}/eccfg`, 0o555, {}, [1000, 0])])]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a file of the configuration that a person owns is another control’s matter',
    facts: facts([place([entry(FILE, 0o644, {}, [1000, 0])])]),
    expect: { status: 'pass' },
  },
  {
    name: 'a sticky folder that everybody may write in',
    facts: facts([place([entry(`${CONF}/tmp`, 0o1777, { isFolder: true })])]),
    expect: { status: 'pass' },
  },
  {
    name: 'the group of the user that the configuration names',
    facts: facts([place([entry(FILE, 0o664, {}, [0, 2200])])], {
      name: 'mailops',
      principal: { uid: 2200, gid: 2200, groups: [2200] },
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'the configuration names a user that the node does not have: another group may be its own',
    facts: facts([place([entry(FILE, 0o664, {}, [0, 2200])])], { name: 'mailops', principal: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the same, and everybody may write',
    facts: facts([place([entry(FILE, 0o666, {}, [0, 2200])])], { name: 'mailops', principal: null }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'one place in order, another open, a third that could not be inspected',
    facts: facts([
      place([]),
      programs([entry(`${BIN}/rc.includes/start.local`, 0o777, {}, [0, 0])]),
      place([], {
        path: '/etc/cron.d',
        kind: 'program',
        unseen: [{ path: '/etc/cron.d', problem: 'denied' }],
      }),
    ]),
    expect: {
      status: 'fail',
      violations: 1,
      subjects: { [CONF]: 'pass', [BIN]: 'fail', '/etc/cron.d': 'indeterminate' },
    },
  },
  {
    name: 'more entries than are inspected',
    facts: facts([place([], { isTruncated: true })]),
    expect: { status: 'indeterminate' },
  },
  { name: 'no place at all', facts: facts([]), expect: { status: 'not-applicable' } },
]);
