import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import { systemDefault } from './pam.js';
import { PAM_DEPTH_MAX } from './pam-stack.js';
import { NESTING_MAX } from './sh-cursor.js';
import { CALLS_MAX } from './sh-flow.js';
import { SOURCE_FILES_MAX, STEPS_MAX, TURNS_MAX } from './sh-run.js';
import { shellsOfRoot } from './shells-of-root.js';
import { momentumStarts } from './starts.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-startup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lay(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The masks of a login shell and of one that is none. */
function masks(
  files: Readonly<Record<string, string>>,
  shell = '/bin/bash',
  home = '/root',
): (string | null)[] {
  lay(files);
  return shellsOfRoot(nodeFiles(root), { home, shell }, 0o022).map(({ umask }) =>
    umask === null ? null : umask.toString(8).padStart(3, '0'),
  );
}

const RHEL9_BASHRC = `# .bashrc
if [ -f /etc/bashrc ]; then
    . /etc/bashrc
fi
if ! [[ "$PATH" =~ "$HOME/.local/bin:$HOME/bin:" ]]
then
    PATH="$HOME/.local/bin:$HOME/bin:$PATH"
fi
export PATH
if [ -d ~/.bashrc.d ]; then
	for rc in ~/.bashrc.d/*; do
		if [ -f "$rc" ]; then
			. "$rc"
		fi
	done
fi
unset rc
`;
const DEBIAN_PROFILE = `if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin"
fi
export PATH
if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  else
    if [ "$(id -u)" -eq 0 ]; then
      PS1='# '
    else
      PS1='$ '
    fi
  fi
fi
if [ -d /etc/profile.d ]; then
  for i in $(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d); do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
`;
const SUSE_PROFILE = `test -z "$PROFILEREAD" && { readonly PROFILEREAD=true ; export PROFILEREAD ; }
umask 022
for s in /etc/profile.d/*.sh ; do
    test -r $s && . $s
done
unset s
`;
const RHEL5_PROFILE = `for i in /etc/profile.d/*.sh ; do
    if [ -r "$i" ]; then
        if [ "$PS1" ]; then
            . $i
        else
            . $i >/dev/null 2>&1
        fi
    fi
done
unset i
`;
const SOLARIS_PROFILE = `trap "" 2 3
export LOGNAME PATH
if [ "$TERM" = "" ]
then
	if /bin/i386
	then
		TERM=sun-color
	else
		TERM=sun
	fi
	export TERM
fi
case "$0" in
-sh | -ksh | -ksh93 | -jsh | -bash | -zsh)
	if [ ! -f .hushlogin ]
	then
		/usr/sbin/quota
		/bin/mail -E
		case $? in
		0) echo "You have new mail." ;;
		esac
	fi
esac
umask 022
trap 2 3
`;

describe('what distributions ship', () => {
  const site = { 'etc/profile.d/site.sh': 'umask 027\n' };
  test.each<[string, Record<string, string>, (string | null)[], string?]>([
    ['RHEL 5', { 'etc/profile': RHEL5_PROFILE, ...site }, ['027', '027']],
    [
      'RHEL 9, in order',
      { 'root/.bash_profile': '. ~/.bashrc\n', 'root/.bashrc': RHEL9_BASHRC },
      ['022', '022'],
    ],
    [
      'RHEL 9, with a file of the site',
      { 'root/.bashrc': RHEL9_BASHRC, 'root/.bashrc.d/site': 'umask 077\n' },
      ['022', '077'],
    ],
    ['SUSE', { 'etc/profile': SUSE_PROFILE, ...site }, ['027', '027']],
    ['Debian, whose list comes from run-parts', { 'etc/profile': DEBIAN_PROFILE, ...site }, ['027', '027']],
    ['Debian, in order', { 'etc/profile': DEBIAN_PROFILE, 'etc/profile.d/x.sh': 'X=1\n' }, ['022', '022']],
    ['Solaris', { 'etc/profile': SOLARIS_PROFILE }, ['022', '022'], '/sbin/sh'],
    [
      'ksh, by ENV',
      { 'etc/profile': 'ENV=$HOME/.env\n', 'root/.env': 'umask 027\n' },
      ['027', '027'],
      '/bin/ksh',
    ],
    ['a prompt command', { 'root/.bashrc': 'p() { umask 027; }\nPROMPT_COMMAND=p\n' }, ['022', '027']],
    ['every way ends the shell', { 'root/.bashrc': 'exit\n' }, ['022', null]],
    ['csh that reads another file', { 'root/.cshrc': 'umask 22\nsource ~/.x\n' }, [null, null], '/bin/csh'],
  ])('%s', (_, files, expected, shell) => {
    expect(masks(files, shell)).toEqual(expected);
  });
});

describe('a bound is kept, and what is beyond it is not known', () => {
  test.each<[string, (count: number) => string, number]>([
    [
      'commands in one another',
      (n) => `${'{ '.repeat(n)}umask 027${'; }'.repeat(n)}`,
      Math.floor(NESTING_MAX / 4),
    ],
    [
      'turns of a loop',
      (n) => `i=0; while [ $i -lt ${n} ]; do i=$((i+1)); done; [ $i = ${n} ] && umask 027`,
      TURNS_MAX,
    ],
    [
      'functions that call one another',
      (n) => `f() { [ $1 = 0 ] && umask 027 || f $(( $1 - 1 )); }; f ${n}`,
      CALLS_MAX - 2,
    ],
    ['commands', (n) => `${':\n'.repeat(n)}[ x ] && umask 027`, STEPS_MAX - 10],
  ])('%s', (_, text, count) => {
    expect(masks({ 'root/.bashrc': `${text(count)}\n` })).toEqual(['022', '027']);
    expect(masks({ 'root/.bashrc': `${text(count * 8)}\n` })).toEqual(['022', null]);
  });

  test('files that one shell reads', () => {
    const read = (count: number) => `${'. /root/x\n'.repeat(count)}`;
    expect(masks({ 'root/x': ':\n', 'root/.bashrc': read(SOURCE_FILES_MAX - 1) })[1]).toBe('022');
    expect(masks({ 'root/.bashrc': read(SOURCE_FILES_MAX) })[1]).toBe(null);
  });

  test('PAM’s files that include one another', () => {
    for (let i = 0; i < 20; i += 1)
      lay({ [`etc/pam.d/${i === 0 ? 'su' : `s${i}`}`]: `session include s${i + 1}\n` });
    lay({ [`etc/pam.d/s${PAM_DEPTH_MAX}`]: 'session optional pam_umask.so umask=027\n' });
    expect(systemDefault(nodeFiles(root)).umask).toBe(0o027);
    lay({ [`etc/pam.d/s${PAM_DEPTH_MAX}`]: `session include s${PAM_DEPTH_MAX + 1}\n` });
    expect(systemDefault(nodeFiles(root)).umask).toBe(null);
  });
});

describe('PAM', () => {
  const UMASK = 'session optional pam_umask.so umask=027\n';
  test.each<[string, string, number | null]>([
    ['for people only', `session [default=1 success=ignore] pam_succeed_if.so uid >= 1000\n${UMASK}`, 0o022],
    [
      'for another service',
      `session [success=1 default=ignore] pam_succeed_if.so service in su:crond quiet\n${UMASK}`,
      0o022,
    ],
    ['after the end of the stack', `session sufficient pam_permit.so\n${UMASK}`, 0o022],
    ['after what may be the end', `session sufficient pam_unix.so\n${UMASK}`, null],
    ['the last one counts', `${UMASK}session optional pam_umask.so umask=0022 silent\n`, 0o022],
    ['usergroups, which are not root’s', 'session optional pam_umask.so usergroups umask=0027\n', 0o027],
    ['commented out', `#${UMASK}`, 0o022],
    ['of another type', 'auth optional pam_umask.so umask=027\n', 0o022],
    ['on two lines', 'session optional \\\n  pam_umask.so umask=027\n', 0o027],
    ['what is included is not there', 'session include nothing\n', null],
  ])('%s', (_, text, expected) => {
    lay({ 'etc/pam.d/su': text });
    expect(systemDefault(nodeFiles(root)).umask).toBe(expected);
  });
});

test('a text for another shell that mentions a umask leaves a start open', () => {
  lay({ 'etc/init.d/ecelerity': '#!/bin/sh\nsu - ecuser -c "umask 027; /opt/msys/x"\n' });
  expect(momentumStarts(nodeFiles(root))).toMatchObject([
    { subject: 'umask of ecelerity', umask: null, line: { line: 2 } },
  ]);
});
