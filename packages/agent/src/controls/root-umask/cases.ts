import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Umask = Facts['umask'];
type Line = Umask['lines'][number];

const line = (over: Partial<Line>): Line => ({
  file: '/root/.bashrc',
  line: 12,
  text: 'umask 0022',
  umask: 0o022,
  runs: 'yes',
  condition: null,
  ...over,
});

function facts(over: Partial<Umask>): () => Partial<Facts> {
  const decidedBy = over.decidedBy ?? null;
  return () => ({
    umask: {
      lines: decidedBy ? [decidedBy] : [],
      decidedBy,
      effective: decidedBy ? decidedBy.umask : 0o022,
      possible: [decidedBy ? decidedBy.umask : 0o022],
      from: 'files',
      byFiles: decidedBy ? decidedBy.umask : 0o022,
      systemDefault: { umask: 0o022, from: 'the system (nothing sets another)' },
      unread: [],
      starts: [],
      processes: [],
      ...over,
    },
  });
}

const ENVIRONMENT = '/opt/msys/ecelerity/etc/environment';

function start(over: Partial<Umask['starts'][number]>): Umask['starts'][number] {
  const umask = over.umask === undefined ? 0o022 : over.umask;
  return {
    subject: 'umask of ecelerity',
    file: '/etc/init.d/ecelerity',
    umask,
    possible: [umask],
    line: null,
    ...over,
  };
}

const setting = (text: string, umask: number) => facts({ decidedBy: line({ text, umask }) });

export default defineCases([
  { name: 'umask 0022 in .bashrc', facts: setting('umask 0022', 0o022), expect: { status: 'pass' } },
  { name: 'no startup file sets one', facts: facts({}), expect: { status: 'pass' } },
  {
    name: "the manual's umask 0027",
    facts: setting('umask 0027', 0o027),
    expect: { status: 'fail', violations: 1, at: { file: '/root/.bashrc', line: 12 } },
  },
  { name: 'umask 077', facts: setting('umask 077', 0o077), expect: { status: 'fail', violations: 1 } },
  {
    name: 'a mask that takes search from others only',
    facts: setting('umask 0023', 0o023),
    expect: { status: 'fail' },
  },
  {
    name: 'group may write',
    facts: setting('umask 0002', 0o002),
    expect: { status: 'fail', severity: 'low' },
  },
  { name: 'no mask at all', facts: setting('umask 0', 0), expect: { status: 'fail', severity: 'low' } },
  {
    name: "login.defs' UMASK 077 and nothing after it",
    facts: facts({ effective: 0o077, systemDefault: { umask: 0o077, from: '/etc/login.defs' } }),
    expect: { status: 'fail', violations: 1, at: { file: '/etc/login.defs' } },
  },
  {
    name: 'a condition that nobody can answer',
    facts: facts({
      decidedBy: line({ umask: 0o027, runs: 'unclear', condition: '[ -n "$SITE" ]' }),
      effective: null,
      possible: [0o022, 0o027],
    }),
    expect: { status: 'indeterminate', violations: 1 },
  },
  {
    name: 'a mask from a variable',
    facts: facts({ decidedBy: line({ text: 'umask $MASK', umask: null }), effective: null }),
    expect: { status: 'indeterminate', violations: 1 },
  },
  {
    name: 'a condition that nobody can answer, and either way bars others',
    facts: facts({
      decidedBy: line({ umask: 0o077, runs: 'unclear', condition: '[ -n "$SITE" ]' }),
      effective: null,
      possible: [0o027, 0o077],
    }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a login shell that was run says another than its files',
    facts: facts({ effective: 0o027, from: 'shell', byFiles: null, possible: [0o022, null] }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a login shell that was run settles what its files leave open',
    facts: facts({ effective: 0o022, from: 'shell', byFiles: null, possible: [0o022, null] }),
    expect: { status: 'pass' },
  },
  {
    name: 'PAM cannot be followed, and nothing comes after it',
    facts: facts({
      effective: null,
      possible: [null],
      systemDefault: { umask: null, from: '/etc/pam.d/su:3' },
    }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a startup file that cannot be read',
    facts: facts({
      decidedBy: line({ line: 1, text: 'not read: denied', umask: null, runs: 'unclear' }),
      effective: null,
      possible: [0o022, null],
      unread: [{ file: '/root/.bashrc', problem: 'denied' }],
    }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file cannot be read, and another bars others all the same',
    facts: facts({
      decidedBy: line({ text: 'umask 027', umask: 0o027 }),
      unread: [{ file: '/etc/profile', problem: 'directory' }],
    }),
    expect: { status: 'fail' },
  },
  {
    name: 'a daemon that still runs with the old mask',
    facts: facts({ processes: [{ pid: 4711, program: '/opt/msys/ecelerity/sbin/ecelerity', umask: 0o027 }] }),
    expect: { status: 'pass' },
  },
  {
    name: "the MTA's environment file bars others",
    facts: facts({
      starts: [start({ line: line({ file: ENVIRONMENT, line: 3, umask: 0o027 }), umask: 0o027 })],
    }),
    expect: {
      status: 'fail',
      violations: 1,
      at: { file: ENVIRONMENT, line: 3 },
      subjects: { "root's umask": 'pass', 'umask of ecelerity': 'fail' },
    },
  },
  {
    name: 'a unit that lets everybody write',
    facts: facts({ starts: [start({ line: line({ text: 'UMask=0000', umask: 0 }), umask: 0 })] }),
    expect: { status: 'fail', severity: 'low', violations: 1 },
  },
  {
    name: 'an init script that is not understood',
    facts: facts({
      starts: [
        start({ line: line({ text: 'eval "$X"', umask: null }), umask: null, possible: [0o022, null] }),
      ],
    }),
    expect: {
      status: 'indeterminate',
      violations: 1,
      subjects: { "root's umask": 'pass', 'umask of ecelerity': 'indeterminate' },
    },
  },
  {
    name: 'daemons that take the mask they are given, and a database that keeps to itself',
    facts: facts({
      starts: [start({}), start({ subject: 'umask of msyspg', umask: 0o077, line: line({ umask: 0o077 }) })],
    }),
    expect: { status: 'pass' },
  },
]);
