import { expect, test } from 'vitest';
import type { Status } from '../../packages/shared/src/model/verdict.js';
import { laidNodes, placesOf, type TestNode } from './node.js';

const newNode = laidNodes();
const BASHRC = '/root/.bashrc';
const UNIT = '/usr/lib/systemd/system/ecelerity.service';
const CRON = '/etc/cron.d/msys-ecelerity';

/** No umask from anywhere but what the row writes. */
const quiet = (node: TestNode): TestNode => node.write('/etc/profile', '').write(BASHRC, 'alias l=ls\n');
const pam = (name: string, text: string) => (node: TestNode) => quiet(node).write(`/etc/pam.d/${name}`, text);
const bashrc = (text: string) => (node: TestNode) => node.write(BASHRC, text);

const LOOP = `if [ -d ~/.bashrc.d ]; then
    for rc in ~/.bashrc.d/*; do
        if [ -f "$rc" ]; then
            . "$rc"
        fi
    done
fi
unset rc
`;
const COMMON = 'session optional pam_umask.so';

type Row = [name: string, spoil: (node: TestNode) => TestNode, status: Status, place?: string];

test.each<Row>([
  [
    'a folder of files that root’s bashrc reads',
    (node) => node.write('/root/.bashrc.d/10-umask', 'umask 027\n').write(BASHRC, LOOP),
    'fail',
    '/root/.bashrc.d/10-umask:1',
  ],
  [
    'EUID with a default',
    bashrc(`if [ "\${EUID:-$(id -u)}" -eq 0 ]; then umask 027; fi\n`),
    'fail',
    `${BASHRC}:1`,
  ],
  [
    'a return for shells that are not interactive',
    bashrc('[[ $- != *i* ]] && return\nalias ls=ls\numask 027\n'),
    'fail',
    `${BASHRC}:3`,
  ],
  [
    'the umask in root’s GECOS field',
    (node) =>
      pam(
        'common-session',
        `${COMMON}\n`,
      )(node).edit('/etc/passwd', (text) =>
        text.replace(/^root:x:0:0:[^:]*:/m, 'root:x:0:0:root,umask=0027:'),
      ),
    'fail',
    '/etc/passwd',
  ],
  [
    'PAM of a service that gives nobody a shell',
    (node) =>
      pam(
        'atd',
        `${COMMON} umask=0077\n`,
      )(node)
        .write('/etc/pam.d/system-auth', `${COMMON} umask=0022\n`)
        .write('/etc/pam.d/su', 'session include system-auth\n'),
    'pass',
  ],
  [
    'PAM passes over its umask for root',
    pam(
      'common-session',
      `session [success=1 default=ignore] pam_succeed_if.so uid eq 0\n${COMMON} umask=027\nsession required pam_unix.so\n`,
    ),
    'pass',
  ],
  [
    'a file that is read by a variable',
    (node) =>
      node.write('/etc/site/umask.sh', 'umask 027\n').write(BASHRC, 'DIR=/etc/site\n. $DIR/umask.sh\n'),
    'fail',
    '/etc/site/umask.sh:1',
  ],
  // Neighbours.
  ['a file that is read by a variable of nobody', bashrc('. $SITE/umask.sh\n'), 'indeterminate'],
  ['eval of what is not known', bashrc('umask 022\neval "$SITE"\n'), 'indeterminate'],
  ['eval, and a certain umask after it', bashrc('eval "$SITE"\numask 022\n'), 'pass'],
  [
    'eval, and a certain umask after it that bars others',
    bashrc('eval "$SITE"\numask 027\n'),
    'fail',
    `${BASHRC}:2`,
  ],
  ['a function that sets it, called', bashrc('f() {\n umask 027\n}\nf\n'), 'fail', `${BASHRC}:2`],
  ['a function that sets it, not called', bashrc('umask 022\nf() { umask 027; }\n'), 'pass'],
  ['an alias for umask', bashrc("alias umask='umask 027'\numask 022\n"), 'indeterminate'],
  ['a mask from a variable that is known', bashrc('M=027\numask $M\n'), 'fail', `${BASHRC}:2`],
  ['a backslash before it', bashrc('\\umask 027\n'), 'fail', `${BASHRC}:1`],
  ['in symbols', bashrc('umask u=rwx,g=rx,o=\n'), 'fail', `${BASHRC}:1`],
  ['in a here-document', bashrc('umask 022\ncat <<E >/dev/null\numask 027\nE\n'), 'pass'],
  ['a trap before every prompt', bashrc("umask 022\ntrap 'umask 027' DEBUG\n"), 'indeterminate'],
  ['(( UID ))', bashrc('umask 022\n(( UID )) || umask 027\n'), 'fail', `${BASHRC}:2`],
  ['half a command', bashrc('umask 022\nif true; then\n'), 'indeterminate'],
  [
    'two masks that both bar others',
    bashrc('umask 027\n[ "$SITE" = x ] && umask 077\n'),
    'fail',
    `${BASHRC}:2`,
  ],
  [
    'PAM of su alone',
    (node) => pam('su', `${COMMON} umask=027\n`)(node).write('/etc/pam.d/sshd', `${COMMON} umask=022\n`),
    'fail',
    '/etc/pam.d/su',
  ],
  [
    'a copy of a PAM file that an editor left',
    (node) =>
      pam(
        'common-session.bak',
        `${COMMON} umask=077\n`,
      )(node).write('/etc/pam.d/su', `${COMMON} umask=022\n`),
    'pass',
  ],
  [
    'PAM by a condition that is not known',
    pam('su', `session [success=1 default=ignore] pam_listfile.so file=/x\n${COMMON} umask=027\n`),
    'indeterminate',
  ],
  [
    'the MTA’s environment file',
    (node) => node.write('/opt/msys/ecelerity/etc/environment', 'umask 027\n'),
    'fail',
    '/opt/msys/ecelerity/etc/environment:1',
  ],
  [
    'an rc.include of ec_ctl',
    (node) => node.write('/opt/msys/ecelerity/bin/rc.includes/start.site', 'umask 027\n'),
    'fail',
    '/opt/msys/ecelerity/bin/rc.includes/start.site:1',
  ],
  [
    'an init script',
    (node) =>
      node.write(
        '/etc/init.d/eccmgr',
        '#!/bin/sh\ncase "$1" in\nstart) umask 027; /opt/msys/x ;;\nesac\nexit 0\n',
      ),
    'fail',
    '/etc/init.d/eccmgr:3',
  ],
  [
    'a unit',
    (node) => node.write(UNIT, '[Service]\nUMask=0027\nExecStart=/opt/msys/x\n'),
    'fail',
    `${UNIT}:2`,
  ],
  [
    'a drop-in that puts a unit right',
    (node) =>
      node
        .write(UNIT, '[Service]\nUMask=0027\nExecStart=/opt/msys/x\n')
        .write('/etc/systemd/system/ecelerity.service.d/site.conf', '[Service]\nUMask=0022\n'),
    'pass',
  ],
  [
    'a job of cron',
    (node) => node.write(CRON, '* * * * * root umask 027; /opt/msys/ecelerity/bin/eccfg pull --auto\n'),
    'fail',
    `${CRON}:1`,
  ],
  [
    'a job of cron of something else',
    (node) => node.write('/etc/cron.d/site', '* * * * * root umask 027; /usr/bin/report\n'),
    'pass',
  ],
])('%s', async (_, spoil, status, place) => {
  const verdicts = await spoil(newNode()).says({ 'MOM-PERM-001': status });
  if (place !== undefined) expect(placesOf(verdicts, 'MOM-PERM-001')).toContain(place);
});
