import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import { SOURCE_DEPTH_MAX } from '../../knowledge/startup/sh-run.js';
import { parseUmask } from '../../knowledge/startup/umask-text.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-umask-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lay(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function umask(files: Record<string, string>) {
  lay(files);
  const context = {
    files: nodeFiles(root),
    processes: { under: () => null },
    settings: { live: false, probe: false },
  } as unknown as CollectContext;
  return collector.collect(context);
}

const decided = async (files: Record<string, string>) => {
  const fact = await umask(files);
  const mask = fact.effective === null ? 'unclear' : fact.effective.toString(8).padStart(3, '0');
  return `${mask} ${fact.decidedBy ? `${fact.decidedBy.file}:${fact.decidedBy.line}` : fact.systemDefault.from}`;
};

const RHEL_PROFILE = `
pathmunge () {
    case ":\${PATH}:" in
        *:"$1":*)
            ;;
        *)
            PATH=$PATH:$1
    esac
}
if [ -x /usr/bin/id ]; then
    if [ -z "$EUID" ]; then
        EUID=\`/usr/bin/id -u\`
    fi
fi
if [ $UID -gt 199 ] && [ "\`/usr/bin/id -gn\`" = "\`/usr/bin/id -un\`" ]; then
    umask 002
else
    umask 022
fi
for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
    if [ -r "$i" ]; then
        if [ "\${-#*i}" != "$-" ]; then
            . "$i"
        else
            . "$i" >/dev/null
        fi
    fi
done
unset i
`;
const RHEL_BASHRC = `
if [ -z "$BASHRCSOURCED" ]; then
  BASHRCSOURCED="Y"
  if ! shopt -q login_shell ; then # We're not a login shell
    if [ $UID -gt 199 ] && [ "\`/usr/bin/id -gn\`" = "\`/usr/bin/id -un\`" ]; then
       umask 002
    else
       umask 022
    fi
  fi
fi
`;
const SOURCES_BASHRC = 'if [ -f ~/.bashrc ]; then\n  . ~/.bashrc\nfi\n';
const DEBIAN_BASHRC = `
case $- in
    *i*) ;;
      *) return;;
esac
[ -z "$PS1" ] && return
umask 027
`;

describe('the umask of a shell of root', () => {
  test.each<[string, Record<string, string>, string]>([
    ['nothing anywhere', {}, '022 the system (nothing sets another)'],
    ['the manual’s case', { 'root/.bashrc': '# mine\numask 0027\n' }, '027 /root/.bashrc:2'],
    [
      'RHEL as shipped',
      {
        'etc/profile': RHEL_PROFILE,
        'etc/bashrc': RHEL_BASHRC,
        'root/.bash_profile': SOURCES_BASHRC,
        'root/.bashrc': '. /etc/bashrc\n',
      },
      '022 /etc/profile:18',
    ],
    [
      'RHEL with a file in profile.d',
      {
        'etc/profile': RHEL_PROFILE,
        'etc/profile.d/site.sh': 'umask 077\n',
        'etc/profile.d/site.csh': 'umask 0\n',
      },
      '077 /etc/profile.d/site.sh:1',
    ],
    [
      'RHEL, set after /etc/bashrc in root’s own',
      {
        'etc/profile': RHEL_PROFILE,
        'etc/bashrc': RHEL_BASHRC,
        'root/.bash_profile': SOURCES_BASHRC,
        'root/.bashrc': '. /etc/bashrc\numask 027\n',
      },
      '027 /root/.bashrc:2',
    ],
    [
      'Debian’s bashrc, which ends itself for other shells',
      { 'root/.bashrc': DEBIAN_BASHRC },
      '027 /root/.bashrc:7',
    ],
    ['the last one counts', { 'root/.bashrc': 'umask 077\numask 022\n' }, '022 /root/.bashrc:2'],
    [
      'in a comment it does not',
      { 'root/.bashrc': '#umask 027\necho "umask 027" # umask 077\n' },
      '022 the system (nothing sets another)',
    ],
    [
      'a login shell that .bashrc does not reach',
      { 'root/.bash_profile': 'umask 027\n', 'root/.bashrc': 'umask 022\n' },
      '027 /root/.bash_profile:1',
    ],
    [
      '.profile is not read where there is a .bash_profile',
      { 'root/.bash_profile': 'true\n', 'root/.profile': 'umask 027\n' },
      '022 the system (nothing sets another)',
    ],
    [
      'after && and ||',
      { 'root/.bashrc': '[ "$(id -u)" -eq 0 ] && umask 027\n[ "$USER" = root ] || umask 077\n' },
      '027 /root/.bashrc:1',
    ],
    [
      'the way not taken',
      { 'root/.bashrc': 'if [ $EUID -ne 0 ]; then umask 077; elif true; then umask 022; else umask 0; fi\n' },
      '022 /root/.bashrc:1',
    ],
    [
      'a condition of the site',
      { 'root/.bashrc': 'if [ "$SITE" = x ]; then umask 027; fi\n' },
      'unclear /root/.bashrc:1',
    ],
    [
      'a condition that makes no difference',
      { 'root/.bashrc': 'umask 022\nif [ "$SITE" = x ]; then umask 0022; fi\n' },
      '022 /root/.bashrc:1',
    ],
    [
      'unclear, and settled by a later line',
      { 'root/.bashrc': 'grep -q x /etc/y && umask 027\numask 022\n' },
      '022 /root/.bashrc:2',
    ],
    ['a variable', { 'root/.bashrc': 'umask $MASK\n' }, 'unclear /root/.bashrc:1'],
    [
      'in brackets it is another shell’s',
      { 'root/.bashrc': '( umask 077; touch x )\numask 022\n(umask 077)\n' },
      '022 /root/.bashrc:2',
    ],
    [
      'printing it sets nothing',
      { 'root/.bashrc': 'umask\numask -S\numask -p\n' },
      '022 the system (nothing sets another)',
    ],
    ['in symbols', { 'root/.bashrc': 'umask -S u=rwx,g=rx,o=\n' }, '027 /root/.bashrc:1'],
    [
      'in a text that is not run',
      { 'root/.bashrc': 'cat <<EOF\numask 077\nEOF\nx="\numask 077\n"\n' },
      '022 the system (nothing sets another)',
    ],
    ['with a redirection', { 'root/.bashrc': 'umask 027 >/dev/null 2>&1\n' }, '027 /root/.bashrc:1'],
    [
      'only where it is none yet',
      { 'root/.bashrc': '[ `umask` -eq 0 ] && umask 077\n' },
      '022 the system (nothing sets another)',
    ],
    [
      'in a function that nobody calls',
      { 'root/.bashrc': 'f() {\n  umask 077\n}\n' },
      '022 the system (nothing sets another)',
    ],
    ['in a function that is called', { 'root/.bashrc': 'f() {\n  umask 077\n}\nf\n' }, '077 /root/.bashrc:2'],
    ['in a loop', { 'root/.bashrc': 'for x in a b; do umask 077; done\n' }, '077 /root/.bashrc:1'],
    [
      'in a loop over what is not known',
      { 'root/.bashrc': 'for x in $SITES; do umask 077; done\n' },
      'unclear /root/.bashrc:1',
    ],
    [
      'in a case',
      { 'root/.bashrc': 'case $HOSTNAME in\n mta*) umask 027 ;;\n *) : ;;\nesac\n' },
      'unclear /root/.bashrc:2',
    ],
    [
      'files that read each other',
      { 'root/.bashrc': '. /root/.other\n', 'root/.other': '. /root/.bashrc\numask 027\n' },
      '027 /root/.other:2',
    ],
    [
      'by $HOME',
      { 'root/.bashrc': 'source "$HOME/.mask"\n', 'root/.mask': 'umask 027\n' },
      '027 /root/.mask:1',
    ],
    ['login.defs', { 'etc/login.defs': 'UMASK\t\t077\n' }, '077 /etc/login.defs'],
    [
      'login.defs, where PAM does not look at it',
      { 'etc/login.defs': 'UMASK 077\n', 'etc/pam.d/login': 'session required pam_unix.so\n' },
      '022 the system (nothing sets another)',
    ],
    [
      'login.defs, where PAM does',
      { 'etc/login.defs': 'UMASK 077\n', 'etc/pam.d/login': 'session optional pam_umask.so\n' },
      '077 /etc/login.defs',
    ],
    [
      'PAM itself',
      { 'etc/pam.d/common-session': 'session optional pam_umask.so umask=0027\n' },
      '027 /etc/pam.d/common-session',
    ],
    [
      'Solaris',
      {
        'etc/default/login': '#UMASK=077\nUMASK=027\n',
        'etc/passwd': 'root:x:0:0::/:/sbin/sh\n',
        '.profile': 'umask 022\n',
      },
      '022 /.profile:1',
    ],
    [
      'a root that lives elsewhere and has another shell',
      {
        'etc/passwd': 'root:x:0:0::/home/root:/bin/ksh\n',
        'home/root/.profile': 'umask 027\n',
        'root/.bashrc': 'umask 022\n',
      },
      '027 /home/root/.profile:1',
    ],
    [
      'csh',
      {
        'etc/passwd': 'root:x:0:0::/root:/bin/tcsh\n',
        'root/.cshrc': '# x\numask 27\n',
        'root/.bashrc': 'umask 0\n',
      },
      '027 /root/.cshrc:2',
    ],
    [
      'csh with a condition',
      {
        'etc/passwd': 'root:x:0:0::/root:/bin/csh\n',
        'root/.cshrc': 'if ($?prompt) then\n umask 27\nendif\n',
      },
      'unclear /root/.cshrc:2',
    ],
    [
      'csh’s files do not count for bash',
      { 'root/.cshrc': 'umask 27\n' },
      '022 the system (nothing sets another)',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await decided(files)).toBe(expected);
  });

  test('a folder, a loop of links or a dangling link where a file should be', async () => {
    lay({ 'root/.bash_profile/x': '' });
    symlinkSync('.bashrc', join(root, 'root/.bashrc'));
    const fact = await umask({});
    expect(fact.unread).toEqual([
      { file: '/root/.bash_profile', problem: 'directory' },
      { file: '/root/.bashrc', problem: 'loop' },
    ]);
  });

  test(`files may read one another ${SOURCE_DEPTH_MAX} deep`, async () => {
    const chain: Record<string, string> = { 'root/.bashrc': '. /root/f1\n' };
    for (let i = 1; i <= SOURCE_DEPTH_MAX; i += 1) chain[`root/f${i}`] = `. /root/f${i + 1}\n`;
    const fact = await umask(chain);
    expect(fact.unread).toEqual([
      { file: `/root/f${SOURCE_DEPTH_MAX}`, problem: 'too many files read one another' },
    ]);
  });

  test('every line is told, with what it depends on', async () => {
    const fact = await umask({
      'root/.bashrc': 'if [ $UID -gt 199 ]; then\n umask 002\nelse\n umask 022\nfi\ngrep x y && umask 077\n',
    });
    expect(fact.lines).toMatchObject([
      { line: 2, runs: 'no', umask: 2, condition: '[ $UID -gt 199 ]' },
      { line: 4, runs: 'yes', umask: 0o022, condition: null },
      { line: 6, runs: 'unclear', umask: 0o077, condition: 'grep x y' },
    ]);
  });

  test.each([
    '"',
    "'",
    '`',
    '$(',
    '${',
    'case x in',
    'if',
    '<<',
    '((',
    '{ ( [[ "',
    'fi done esac } )',
    '\\',
    '. ',
    'for',
    'function',
  ])('half a command is not understood, and a later file settles it: %s', async (text) => {
    const half = await umask({ 'root/.bash_profile': text, 'root/.bashrc': 'umask 022\n' });
    expect([half.possible.includes(null), half.decidedBy?.file]).toEqual([true, '/root/.bash_profile']);
    const settled = await umask({ 'root/.bash_profile': '. /root/.half\numask 027\n', 'root/.half': text });
    expect(settled.effective).toBe(0o027);
  });
});

test.each<[string, number | null, number | null]>([
  ['027', null, 0o027],
  ['0027', null, 0o027],
  ['7', null, 0o007],
  ['1777', null, null],
  ['8', null, null],
  ['u=rwx,g=rx,o=rx', null, 0o022],
  ['u=rwx,go=', null, 0o077],
  ['a=rx', null, 0o222],
  ['=rwx', null, 0],
  ['g-w', 0o002, 0o022],
  ['o+rx', 0o027, 0o022],
  ['o+rx', null, null],
  ['u=rwx,g=q', null, null],
  ['', null, null],
])('umask %s after %s', (text, current, expected) => {
  expect(parseUmask(text, current)).toBe(expected);
});
