/** Momentum's own places (Manual 3.x; each name's page is in its comment where it is not ecelerity.conf). */
export const ECELERITY = '/opt/msys/ecelerity';
export const BIN = `${ECELERITY}/bin`;
export const CONF = `${ECELERITY}/etc/conf`;
export const ECELERITY_CONF = `${CONF}/default/ecelerity.conf`;
export const WEBUI_COMMON_CONF = `${CONF}/default/webui-common.conf`;
export const UNREADABLE_CONF = `${CONF}/default/seasonal-binding.conf`;
/** conf.ecelerity.conf: the installer's datasource, which overrides the stub of webui-common.conf. */
export const ECDB_CONF = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
/** modules.securecreds names these ... */
export const CREDENTIALS_DB = '/opt/msys/etc/credentials.db';
export const CREDENTIALS_KEY = '/opt/msys/etc/credentials.key';
/** ... and executable.credmgr these: a site that has both keeps the second as links to the first. */
export const CREDMGR_DB = `${ECELERITY}/etc/credentials.db`;
export const CREDMGR_KEY = `${ECELERITY}/etc/credentials.key`;
export const STORE_FILES = [CREDENTIALS_DB, CREDENTIALS_KEY, CREDMGR_DB, CREDMGR_KEY];
/** executable.ecconfigd */
export const REPOSITORY = '/var/ecconfigd/repo';
