import type { SecretFile } from '../../facts/secret-files.js';

interface Known {
  readonly what: string;
  readonly reader: SecretFile['reader'];
  /** It is a secret as a whole; else it is one where a line of it holds a password. */
  readonly isWhole: boolean;
}

const ETC = '/opt/msys/ecelerity/etc';

/** Manual: install.solaris and install.options, executable.ecconfigd, conf.aaa, and 4.x, new_installation. */
const WHOLE: readonly (readonly [path: string, what: string, reader: SecretFile['reader']])[] = [
  ['/opt/msys/etc/installer/lastinstall', 'the installer’s answers, passwords among them', 'root'],
  ['/opt/msys/etc/.svcpasswd', 'the service password', 'root'],
  ['/var/ecconfigd/repo/svn-auth.htdigest', 'the repository’s password digests', 'ecuser'],
  [`${ETC}/console_passwd`, 'the console’s password digests', 'ecuser'],
  [`${ETC}/smtp_passwd`, 'passwords of SMTP users', 'ecuser'],
  [`${ETC}/cram_md5_passwd`, 'passwords of SMTP users in clear text', 'ecuser'],
  [`${ETC}/unsafe_passwd`, 'passwords of SMTP users in clear text', 'ecuser'],
  [`${ETC}/plain_password`, 'passwords of SMTP users in clear text', 'ecuser'],
];
/** Manual: operations.postgresql, executable.ec_rotate, modules.ds_core, conf.ecelerity.conf, install.prepare. */
const PERHAPS: readonly (readonly [path: string, what: string, reader: SecretFile['reader']])[] = [
  ['/opt/msys/3rdParty/etc/php.d/ecdb.ini', 'the web UI’s database password', 'ecuser'],
  [`${ETC}/ec_rotate.conf`, 'database passwords of ec_rotate', 'ecuser'],
  ['/opt/msys/3rdParty/etc/odbc.ini', 'a password of a data source', 'ecuser'],
  [`${ETC}/environment`, 'a proxy’s password', 'ecuser'],
  ['/opt/msys/ecelerity/bin/prepare_ec_lic', 'a proxy’s password', 'root'],
  ['/opt/msys/app/db/conf/flyway.properties', 'a database password', 'ecuser'],
];

export const KNOWN: readonly (Known & { readonly path: string })[] = [
  ...WHOLE.map(([path, what, reader]) => ({ path, what, reader, isWhole: true })),
  ...PERHAPS.map(([path, what, reader]) => ({ path, what, reader, isWhole: false })),
];

/** Data sources, and the copies that people make of them (Manual, conf.ldaps: `webui-common.conf.pg`). */
export const NAMED_IN_FOLDERS: readonly (Known & { readonly folder: string; readonly names: RegExp })[] = [
  '/opt/msys/etc/installer/ecelerity.d',
  '/opt/msys/etc/installer/eccmgr.d',
  `${ETC}/conf/default`,
  `${ETC}/conf/global`,
].map((folder) => ({
  folder,
  names:
    /^(ecdb\.conf.*|webui-common\.conf.*|.*\.pg|.*\.(conf|ini)[.~-]?(bak|orig|old|save|rpmsave)|.*\.conf~)$/,
  what: 'a password of a data source',
  reader: 'ecuser',
  isWhole: false,
}));
