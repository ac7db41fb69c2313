import type { Tree } from '../tree.js';

export const ROOT_BASHRC = '/root/.bashrc';
export const UMASK_LINE = 'umask 0022';

/** What an old RHEL has around Momentum: enough to tell the host's name, its release, and root's umask. */
export function laySystem(tree: Tree, name: string): void {
  tree.file('/etc/hostname', `${name}\n`);
  tree.file('/etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.10 (Santiago)\n');
  tree.file(
    '/etc/os-release',
    'NAME="Red Hat Enterprise Linux Server"\nVERSION="6.10 (Santiago)"\nID="rhel"\nPRETTY_NAME="Red Hat Enterprise Linux Server 6.10 (Santiago)"\n',
  );
  tree.file('/etc/login.defs', 'MAIL_DIR /var/spool/mail\nUMASK 022\n');
  tree.file('/etc/profile', PROFILE);
  tree.file('/etc/bashrc', PROFILE);
  // RHEL has 0550, which stops only whoever is not root: nobody else could lay this tree, or remove it.
  tree.folder('/root', { mode: 0o750 });
  tree.file('/root/.bash_profile', 'if [ -f ~/.bashrc ]; then\n  . ~/.bashrc\nfi\n');
  tree.file(
    ROOT_BASHRC,
    `# .bashrc of root\nif [ -f /etc/bashrc ]; then\n  . /etc/bashrc\nfi\n${UMASK_LINE}\n`,
  );
  tree.folder('/tmp', { mode: 0o1777 });
}

/** RHEL: 002 for people, 022 for root and services. */
const PROFILE = `if [ $UID -gt 199 ]; then
    umask 002
else
    umask 022
fi
`;
