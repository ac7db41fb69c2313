import { REAL, type Tools } from './tool.js';

/**
 * Solaris 10: the tools of /usr/bin, by the manual pages of SunOS 5.10 (Oracle 816-5165, section 1, and 816-5166, section
 * 1M). None of them has words behind two dashes, and an operand ends their options. Absent there, and so from this table:
 * stat, readlink, mktemp, timeout, rpm, systemctl, and whatever else is not in it.
 */
export const SOLARIS10_TOOLS: Tools = {
  ls: { source: 'ls(1): /usr/bin/ls', letters: 'aAbcCdeEfFghHilLmnopqrRstuvVx1@' },
  id: { source: 'id(1M): /usr/bin/id has -a and -p', letters: 'ap' },
  cat: { source: 'cat(1)', letters: 'nbsuvet' },
  env: { source: 'env(1): /usr/bin/env', letters: 'i' },
  uname: { source: 'uname(1)', letters: 'aimnprsvXS:', says: 'echo SunOS' },
  date: { source: 'date(1): /usr/bin/date', letters: 'ua:' },
  find: {
    source: 'find(1): /usr/bin/find',
    letters: 'HL',
    primaries: (
      'a acl atime cpio ctime depth exec follow fstype group inum links local ls mount mtime name ncpio newer nogroup ' +
      'nouser o ok perm print prune size type user xattr xdev'
    ).split(' '),
  },
  grep: { source: 'grep(1): /usr/bin/grep', letters: 'bchilnsvw' },
  getfacl: {
    source: 'getfacl(1), also for the form of what it says',
    letters: 'ad',
    says: `${REAL}/getfacl -p "$@" | ${REAL}/sed 's/^\\(default:\\)\\{0,1\\}\\(mask\\|other\\)::/\\1\\2:/'`,
  },
  ldd: { source: 'ldd(1)', letters: 'drce:fiLlsUuv' },
  svcs: {
    source: 'svcs(1)',
    letters: 'aHpvdDlxo:R:s:S:?',
    says: 'echo online',
  },
  hostname: { source: 'hostname(1): no option', letters: '' },
  tty: { source: 'tty(1)', letters: 'ls' },
};
