import type { NodeDraft } from './draft.js';
import { layRhelPam, laySusePam } from './pam-texts.js';
import type { Random } from './random.js';
import * as texts from './startup-texts.js';

export type SystemName =
  | 'RHEL 5'
  | 'RHEL 6'
  | 'RHEL 7'
  | 'RHEL 8'
  | 'RHEL 9'
  | 'SUSE 11'
  | 'SUSE 12'
  | 'Solaris 10';

export const SYSTEMS: readonly SystemName[] = [
  'RHEL 5',
  'RHEL 6',
  'RHEL 7',
  'RHEL 8',
  'RHEL 9',
  'SUSE 11',
  'SUSE 12',
  'Solaris 10',
];

export interface System {
  readonly name: SystemName;
  readonly family: 'rhel' | 'suse' | 'solaris';
  readonly release: number;
  readonly rootHome: string;
  readonly rootShell: string;
  /** What a login shell of root reads last of its own. */
  readonly rootRc: string;
  readonly hasUnits: boolean;
  /** Read by a login shell of anybody; null where there is no such folder. */
  readonly profileFolder: string | null;
}

export function systemOf(name: SystemName): System {
  const [family = '', number = ''] = name.split(' ');
  const release = Number(number);
  if (family === 'Solaris')
    return {
      name,
      family: 'solaris',
      release,
      rootHome: '/',
      rootShell: '/sbin/sh',
      rootRc: '/.profile',
      hasUnits: false,
      profileFolder: null,
    };
  const isRhel = family === 'RHEL';
  return {
    name,
    family: isRhel ? 'rhel' : 'suse',
    release,
    rootHome: '/root',
    rootShell: '/bin/bash',
    rootRc: isRhel ? '/root/.bashrc' : '/root/.profile',
    hasUnits: isRhel ? release >= 7 : release >= 12,
    profileFolder: '/etc/profile.d',
  };
}

const RHEL_NAMES: Readonly<Record<number, readonly [release: string, code: string]>> = {
  5: ['5.11', 'Tikanga'],
  6: ['6.10', 'Santiago'],
  7: ['7.9', 'Maipo'],
  8: ['8.10', 'Ootpa'],
  9: ['9.4', 'Plow'],
};

export function laySystem(draft: NodeDraft, system: System, host: string, random: Random): void {
  draft.folder('/tmp', { mode: 0o1777 });
  if (system.family === 'rhel') layRhel(draft, system.release, host, random);
  else if (system.family === 'suse') laySuse(draft, system.release, host);
  else laySolaris(draft, host, random);
}

function layRhel(draft: NodeDraft, release: number, host: string, random: Random): void {
  const [number, code] = RHEL_NAMES[release] ?? ['', ''];
  const isServer = release < 8 ? ' Server' : '';
  draft.file('/etc/redhat-release', `Red Hat Enterprise Linux${isServer} release ${number} (${code})\n`);
  if (release >= 7) {
    draft.file(
      '/etc/os-release',
      `NAME="Red Hat Enterprise Linux${isServer}"\nVERSION="${number} (${code})"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="${number}"\nPRETTY_NAME="Red Hat Enterprise Linux${isServer} ${number} (${code})"\nANSI_COLOR="0;31"\n`,
    );
    draft.file('/etc/hostname', `${host}\n`);
  } else draft.file('/etc/sysconfig/network', `NETWORKING=yes\nHOSTNAME=${host}\n`);
  // 8 and later moved the mode of home folders out of UMASK; before, 077 was theirs alone.
  draft.file(
    '/etc/login.defs',
    `MAIL_DIR	/var/spool/mail\nPASS_MAX_DAYS	99999\nUID_MIN	${release < 7 ? 500 : 1000}\nCREATE_HOME	yes\n${release >= 8 ? 'UMASK		022\nHOME_MODE	0700\n' : 'UMASK           077\n'}USERGROUPS_ENAB yes\n`,
  );
  layRhelPam(draft, release);
  draft.file('/etc/profile', release === 5 ? texts.RHEL5_PROFILE : texts.rhelProfile('/usr/bin/id'));
  draft.file('/etc/bashrc', release === 5 ? texts.RHEL5_BASHRC : texts.RHEL_BASHRC);
  const comfort = { 'less.sh': texts.LESS_SH, 'which2.sh': texts.WHICH2_SH, 'colorls.sh': texts.COLORLS_SH };
  for (const [name, text] of random.shuffled(Object.entries(comfort)))
    if (random.chance(0.7)) draft.file(`/etc/profile.d/${name}`, text, { mode: release < 7 ? 0o755 : 0o644 });
  if (release < 7) draft.file('/etc/profile.d/lang.sh', texts.LANG_SH, { mode: 0o755 });
  if (release >= 8)
    draft.file('/etc/profile.d/sh.local', '#Add any required envvar overrides to this file\n');
  draft.folder('/root', { mode: release < 6 ? 0o750 : 0o550 });
  draft.file('/root/.bash_profile', texts.RHEL_ROOT_BASH_PROFILE);
  draft.file('/root/.bashrc', release >= 9 ? texts.RHEL9_ROOT_BASHRC : texts.RHEL_ROOT_BASHRC);
  draft.file('/root/.cshrc', "# .cshrc\nalias rm 'rm -i'\nset prompt='[%n@%m %c]# '\n");
  draft.file('/root/.tcshrc', '# .tcshrc\nsource ~/.cshrc\n');
  // Init scripts of RHEL read it first.
  draft.file(
    '/etc/init.d/functions',
    'TEXTDOMAIN=initscripts\numask 022\nPATH="/sbin:/usr/sbin:/bin:/usr/bin"\nexport PATH\n',
  );
}

function laySuse(draft: NodeDraft, release: number, host: string): void {
  const patch = release === 11 ? 4 : 5;
  if (release === 11)
    draft.file(
      '/etc/SuSE-release',
      `SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = ${patch}\n`,
    );
  else
    draft.file(
      '/etc/os-release',
      `NAME="SLES"\nVERSION="12-SP${patch}"\nVERSION_ID="12.${patch}"\nPRETTY_NAME="SUSE Linux Enterprise Server 12 SP${patch}"\nID="sles"\nANSI_COLOR="0;32"\n`,
    );
  draft.file(release === 11 ? '/etc/HOSTNAME' : '/etc/hostname', `${host}\n`);
  draft.file('/etc/login.defs', 'MAIL_DIR	/var/mail\nUID_MIN	1000\nUMASK	022\nUSERGROUPS_ENAB no\n');
  laySusePam(draft);
  draft.file('/etc/profile', texts.SUSE_PROFILE);
  draft.file('/etc/bash.bashrc', texts.SUSE_BASHRC);
  draft.file('/etc/profile.d/less.sh', texts.LESS_SH);
  draft.folder('/root', { mode: 0o700 });
  // A new installation has no startup file of root's own; most sites make one soon.
  draft.file('/root/.profile', '# root\nexport EDITOR=vi\n');
}

function laySolaris(draft: NodeDraft, host: string, random: Random): void {
  draft.file(
    '/etc/release',
    `                   Oracle Solaris 10 1/13 s10${random.pick(['s', 'x'])}_u11wos_24a\n  Copyright (c) 1983, 2013, Oracle and/or its affiliates. All rights reserved.\n                            Assembled 17 January 2013\n`,
  );
  draft.file('/etc/nodename', `${host}\n`);
  draft.file(
    '/etc/default/login',
    '#TIMEOUT=300\n# UMASK sets the initial shell file creation mode mask.  See umask(1).\n#\n#UMASK=022\nPASSREQ=YES\n',
  );
  draft.file('/etc/profile', texts.SOLARIS_PROFILE);
  draft.file('/.profile', '# root\nPATH=/usr/sbin:/usr/bin:/opt/msys/ecelerity/bin\nexport PATH\n');
  draft.file(
    '/etc/pam.conf',
    'login	session required	pam_unix_session.so.1\nother	session required	pam_unix_session.so.1\n',
  );
  draft.file('/var/spool/cron/crontabs/root', '10 3 * * * /usr/sbin/logadm\n', { mode: 0o600 });
}
