import type { LIMITS } from '../../../packages/agent/src/adapters/beside/limits.js';
import type { Login } from '../sshd.js';
import { RHEL5_TOOLS } from './rhel5.js';
import { SOLARIS10_TOOLS } from './solaris10.js';
import type { Tools } from './tool.js';

/** A kind of node as the far program meets it. */
export interface FarSide {
  readonly name: string;
  readonly login: Login;
  /** All that its PATH has: `host` this host's own, `busybox` its applets, or the tools of a table. */
  readonly tools: 'host' | 'busybox' | Tools;
  /** Its shells, by the name in /usr/bin and the program of this host that plays it. */
  readonly shells: Readonly<Record<string, string>>;
  /** Perl: this host's, or as that of Solaris 10 (old-perl.ts), which also makes the system SunOS. */
  readonly perl: 'host' | 'solaris';
  /** What the far program says of where it runs. */
  readonly hello: { readonly system: string; readonly perl?: string };
  /** What its start-up files print. */
  readonly noise: string;
  /** What a change cannot promise there: `doctor --host` says it, and it is said below a plan. */
  readonly limits: readonly (keyof typeof LIMITS)[];
  /** Runs that are refused for it, by what they are called in remediation-rows.ts, and the words that say so. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Debian packages. */
export const FAR_SIDE_PARTS = ['openssh-server', 'openssh-client', 'acl', 'tcsh', 'busybox'];

const CHATTY = 'echo "Welcome to mta1"\necho "You have mail."\n';

export const FAR_SIDES: readonly FarSide[] = [
  {
    name: 'bash and GNU tools',
    login: { name: 'far-bash', shell: '/bin/bash', uid: 0, files: { '.bashrc': CHATTY } },
    tools: 'host',
    shells: {},
    perl: 'host',
    hello: { system: 'Linux' },
    noise: 'Welcome to mta1\nYou have mail.\n',
    limits: [],
    refused: {},
  },
  {
    name: 'dash, busybox and Perl',
    login: { name: 'far-busybox', shell: '/bin/dash', uid: 0, files: { '.profile': CHATTY } },
    tools: 'busybox',
    shells: { sh: 'dash', dash: 'dash' },
    perl: 'host',
    hello: { system: 'Linux' },
    noise: '',
    limits: [],
    refused: {},
  },
  {
    name: 'the tools of RHEL 5',
    login: { name: 'far-rhel5', shell: '/bin/bash', uid: 0, files: { '.bash_profile': CHATTY } },
    tools: RHEL5_TOOLS,
    shells: { sh: 'bash', bash: 'bash' },
    perl: 'host',
    hello: { system: 'Linux' },
    noise: '',
    limits: [],
    refused: {},
  },
  {
    name: 'the tools of Solaris 10',
    login: { name: 'far-solaris', shell: '/bin/sh', uid: 0, files: { '.profile': CHATTY } },
    tools: SOLARIS10_TOOLS,
    shells: { sh: 'dash', csh: 'tcsh' },
    perl: 'solaris',
    hello: { system: 'SunOS', perl: '5.8.4' },
    noise: '',
    limits: ['handles', 'attributes'],
    // ecuser owns the folder of the file that is to be given another owner.
    refused: { 'permissions-repair': 'changes owner and mode by name only' },
  },
  {
    name: 'csh with a chatty start-up file',
    login: { name: 'far-csh', shell: '/bin/csh', uid: 0, files: { '.cshrc': CHATTY } },
    tools: 'host',
    shells: { csh: 'tcsh' },
    perl: 'host',
    hello: { system: 'Linux' },
    noise: 'Welcome to mta1\nYou have mail.\n',
    limits: [],
    refused: {},
  },
];
