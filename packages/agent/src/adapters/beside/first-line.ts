/** Where a Perl is looked for, in this order. The product's own only where none but root can have put it there. */
export const PERLS = ['/usr/bin/perl', '/usr/perl5/bin/perl', '/opt/msys/3rdParty/bin/perl'] as const;
/** Where the far program stands for a login that is not root: root's, and sudo permits it. */
export const LAID_PROGRAM = '/usr/local/libexec/castellan-far';
/** What a session may do on the node: nothing but tell, or also what a run asks for. */
export type SessionMode = 'look' | 'change';
/** Said on stdout by the node's shell. */
export const NO_PERL = 'castellan: no perl';

/**
 * Reads the header and the program from stdin and becomes it. For a login that is not root: the program that is laid
 * on the node, where sudo permits it.
 */
const bootstrap = (mode: SessionMode) => [
  // A login that may change something may look by the same program.
  `$f="${LAID_PROGRAM}";for $a(${mode === 'change' ? '"change"' : '"","change"'}){@c=($f,$a||());`,
  'if($> and -x $f and system("sudo -n -l @c </dev/null >/dev/null 2>&1")==0){exec qw(sudo -n),@c}}',
  '$h="";until(substr($h,-1)eq chr 10){(sysread(STDIN,$h,1,length $h)and 99>length $h)or exit 96}',
  '($x,$M,$n,$W)=split(" ",$h);$T="";',
  'while($n>length $T){sysread(STDIN,$T,$n-length $T,length $T)or exit 96}',
  'eval $T;print STDERR "castellan-far: $@";exit 95',
];

/** Said where there is no shell of POSIX either. */
export const NO_SHELL = 'castellan: no posix sh';

/** `ls` of everything above and of the Perl itself: owner 0, and neither group nor others may write. */
const ROOTS_ALONE =
  'ls -ldnL / /opt /opt/msys /opt/msys/3rdParty /opt/msys/3rdParty/bin $p 2>&1|while read m n u r;do case $m.$u in ?????-??-*.0);;*)echo x;;esac;done';

/**
 * What the login shell of the node is given. sh, csh and tcsh read it alike: no newline, no `!`, no backslash, and single
 * quotes only around the two words.
 */
export function firstLine(mode: SessionMode): string {
  const [system, solaris, product] = PERLS;
  const script = [
    `for p in ${system} ${solaris} ${product};do if test -x $p;then `,
    `case $p in /opt/*)b=\`${ROOTS_ALONE}\`;;*)b=;;esac;`,
    'test -z "$b"&&exec /usr/bin/env -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin $p -e "$0";',
    `fi;done;echo ${NO_PERL};exit 97`,
  ].join('');
  return `exec /bin/sh -c '${script}' '${bootstrap(mode).join('')}'`;
}

/**
 * The same for a node without Perl: its POSIX shell reads the marker and the program from stdin and becomes it. What
 * the first shell is given may be read by a Bourne shell (Solaris' own), which then says that it is none of POSIX.
 */
export function shellLine(): string {
  const script = [
    'e=/usr/bin/env;test -x $e||e=/bin/env;s=/usr/xpg4/bin/sh;test -x $s||s=/bin/sh;',
    `$s -c "$1" >/dev/null 2>&1||{ echo ${NO_SHELL};exit 98;};`,
    'exec $e -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin $s -c "$0"',
  ].join('');
  const begin = 'read -r M N&&T=$(dd bs=1 count=$N 2>/dev/null)&&eval "$T";exit 95';
  // What a shell that is none of POSIX cannot read.
  return `exec /bin/sh -c '${script}' '${begin}' ': $((1)) $(:)'`;
}
