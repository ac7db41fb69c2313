import type { FarHello } from '../adapters/beside/far-hello.js';
import type { FarSession } from '../adapters/beside/far-session.js';
import { LAID_PROGRAM } from '../adapters/beside/first-line.js';
import { LIMITS, readLimits } from '../adapters/beside/limits.js';
import { scanOnce } from '../app/scan-once.js';
import { type Beside, openBeside, SKEW_TOLD_MS } from './beside.js';
import type { BesideOptions } from './beside-options.js';
import { type Finding, factsOf } from './doctor-findings.js';

/** Linux tells a process's umask from here on (proc(5)). */
const UMASK_SINCE = [4, 7] as const;

/** What can and cannot be seen of a node from beside, by topic. */
export async function examineBeside(
  options: BesideOptions & { readonly host: string },
  root: string,
  signal: AbortSignal,
): Promise<[string, Finding[]][]> {
  const beside = await openBeside(options, { root, probe: true, signal });
  try {
    const live = root === '/';
    const { states } = await scanOnce({
      ports: beside.ports,
      settings: { nodeName: null, assumeMomentum: null, probe: live, live },
      beside: beside.through,
      signal,
    });
    const { blind } = beside.session;
    const limits = blind ? [] : await readLimits(beside.session);
    return [
      [`The way to ${beside.through}`, wayFindings(beside)],
      ['Rights on the node', blind ? [] : rightsFindings(beside)],
      ['Facts', factsOf(states)],
      ['What beside cannot keep', limitFindings(beside.session.hello, limits)],
      [
        'What a change from beside promises',
        blind
          ? [['no', 'plan and apply', 'there is no Perl: this node is only inspected']]
          : changeFindings(limits),
      ],
    ];
  } finally {
    await beside.session.close();
  }
}

/** By which program the node is looked at. */
function programFindings({ hello, blind }: FarSession): Finding[] {
  const { perl, perlPath, mode } = hello;
  if (blind)
    return [
      ['no', 'Perl', 'no Perl: looked at by sh; plan and apply are refused'],
      ...blind.map((line): Finding => ['no', 'cannot see', line]),
    ];
  return [
    ['ok', 'Perl', `${perl} (${perlPath})`],
    [
      'ok',
      'far program',
      mode === 'laid' ? `installed: ${LAID_PROGRAM}` : 'sent along, and nothing of it stays',
    ],
  ];
}

function wayFindings({ session, skewMs, knownHostsFile }: Beside): Finding[] {
  const { system, release, machine } = session.hello;
  const [noise = ''] = session.noise.trim().split('\n');
  const skewS = Math.round(skewMs / 1000);
  return [
    ['ok', 'host key', `the one in ${knownHostsFile}; another is refused`],
    noise === ''
      ? ['ok', 'before the far program', 'nothing is printed']
      : ['--', 'before the far program', `a start-up file of the login prints: ${noise.slice(0, 200)}`],
    ...programFindings(session),
    ['ok', 'system', `${system} ${release} ${machine}`],
    Math.abs(skewMs) > SKEW_TOLD_MS
      ? ['no', 'clock', `differs from this host's by ${skewS} s: ages of files are wrong by as much`]
      : ['ok', 'clock', `differs from this host's by less than ${SKEW_TOLD_MS / 1000} s`],
  ];
}

function rightsFindings({ session, through }: Beside): Finding[] {
  const { euid, uid, mode } = session.hello;
  if (mode === 'laid') return [['ok', 'user', 'root, by sudo and the installed program alone']];
  const at = through.lastIndexOf('@');
  const login = at < 0 || euid === 0 ? 'LOGIN' : through.slice(0, at);
  return [
    euid === 0
      ? [
          'ok',
          'user',
          'root: this key may do anything on the node; a login with these lines may only inspect',
        ]
      : [
          'no',
          'user',
          `uid ${uid}: keys and configuration that only others may read stay unknown without these`,
        ],
    ['--', 'install on the node', `install -o root -g root -m 0755 castellan-far ${LAID_PROGRAM}`],
    ['--', 'sudoers, to look', `${login} ALL=(root) NOPASSWD: ${LAID_PROGRAM} ""`],
    ['--', 'sudoers, to change', `CHANGER ALL=(root) NOPASSWD: ${LAID_PROGRAM} change`],
    ['--', 'sudoers', `Defaults:${login} !requiretty`],
  ];
}

function changeFindings(limits: readonly string[]): Finding[] {
  return limits.length === 0
    ? [['ok', 'plan and apply', 'all that a change on the node itself promises']]
    : limits.map((line) => ['no', 'plan and apply', line]);
}

function limitFindings({ system, release }: FarHello, limits: readonly string[]): Finding[] {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  const tellsUmask =
    system === 'Linux' && (major > UMASK_SINCE[0] || (major === UMASK_SINCE[0] && minor >= UMASK_SINCE[1]));
  return [
    ['--', 'file events', 'none: a change is seen at the next look, not within a second'],
    ['--', 'times of files', 'whole seconds where the Perl of the node is older than 5.10'],
    // The same calls give them and keep them.
    limits.includes(LIMITS.attributes)
      ? [
          '--',
          'access lists',
          'as getfacl of the node tells them: one of ZFS is seen to be there, and is unknown',
        ]
      : ['ok', 'access lists', 'as an agent on the node reads them'],
    ['--', 'listeners', 'only those that listen on a loopback address, or on all'],
    ['--', 'programs', 'only those of a list of the far program; a session to look runs what only tells'],
    tellsUmask
      ? ['ok', 'umask of daemons', `${system} ${release} tells it`]
      : [
          'no',
          'umask of daemons',
          `${system} ${release} does not tell it (Linux ${UMASK_SINCE.join('.')} and later do)`,
        ],
  ];
}
