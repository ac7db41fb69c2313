import type { NodeDraft } from './draft.js';

/** PAM's session stacks as distributions have them; what concerns passwords only is left out. */

const RHEL_SHARED = `#%PAM-1.0
auth        required      pam_env.so
auth        sufficient    pam_unix.so nullok try_first_pass
auth        required      pam_deny.so
account     required      pam_unix.so
password    sufficient    pam_unix.so sha512 shadow nullok try_first_pass use_authtok
password    required      pam_deny.so
session     optional      pam_keyinit.so revoke
session     required      pam_limits.so
session     [success=1 default=ignore] pam_succeed_if.so service in crond quiet use_uid
session     required      pam_unix.so
`;

const POSTLOGIN_7 = `#%PAM-1.0
session     [success=1 default=ignore] pam_succeed_if.so service !~ gdm* service !~ su* quiet
session     [default=1]   pam_lastlog.so nowtmp showfailed
session     optional      pam_lastlog.so silent noupdate showfailed
`;

const POSTLOGIN_9 = `#%PAM-1.0
session     optional                   pam_umask.so silent
${POSTLOGIN_7.replace('#%PAM-1.0\n', '')}`;

export function layRhelPam(draft: NodeDraft, release: number): void {
  const shared = release >= 6 ? 'password-auth' : 'system-auth';
  const post = release >= 7 ? 'session    include      postlogin\n' : '';
  const pam = (name: string, text: string) => draft.file(`/etc/pam.d/${name}`, `#%PAM-1.0\n${text}`);
  draft.file('/etc/pam.d/system-auth', RHEL_SHARED);
  if (release >= 6) draft.file('/etc/pam.d/password-auth', RHEL_SHARED);
  if (release >= 7) draft.file('/etc/pam.d/postlogin', release >= 9 ? POSTLOGIN_9 : POSTLOGIN_7);
  pam(
    'login',
    `auth       include      system-auth
account    required     pam_nologin.so
session    required     pam_selinux.so close
session    required     pam_loginuid.so
session    optional     pam_console.so
session    required     pam_selinux.so open
session    include      system-auth
${post}`,
  );
  pam(
    'sshd',
    `auth       include      ${shared}
account    required     pam_nologin.so
session    required     pam_loginuid.so
session    include      ${shared}
${post}`,
  );
  pam(
    'su',
    `auth		sufficient	pam_rootok.so
auth		include		system-auth
account		include		system-auth
session		include		system-auth
${post}session		optional	pam_xauth.so
`,
  );
  pam('su-l', 'auth include su\nsession optional pam_keyinit.so force revoke\nsession include su\n');
  pam(
    'sudo',
    'auth include system-auth\nsession optional pam_keyinit.so revoke\nsession include system-auth\n',
  );
  pam(
    'crond',
    `auth       required   pam_env.so
account    required   pam_access.so
session    required   pam_loginuid.so
session    include    ${shared}
`,
  );
}

/** common-session has pam_umask since SUSE Linux Enterprise 10. */
export function laySusePam(draft: NodeDraft): void {
  const pam = (name: string, text: string) => draft.file(`/etc/pam.d/${name}`, `#%PAM-1.0\n${text}`);
  pam(
    'common-session',
    `session	required	pam_limits.so
session	required	pam_unix2.so
session	optional	pam_umask.so
`,
  );
  pam('common-auth', 'auth	required	pam_env.so\nauth	required	pam_unix2.so\n');
  const usual = 'auth     include        common-auth\nsession  include        common-session\n';
  pam(
    'login',
    `auth     requisite      pam_nologin.so\n${usual}session  required       pam_lastlog.so	nowtmp\n`,
  );
  pam('sshd', `auth     requisite      pam_nologin.so\n${usual}`);
  pam('su', `auth     sufficient     pam_rootok.so\n${usual}session  optional       pam_xauth.so\n`);
  pam('su-l', `auth     sufficient     pam_rootok.so\n${usual}`);
  pam('sudo', usual);
  pam('crond', `auth     sufficient     pam_rootok.so\n${usual}`);
}
