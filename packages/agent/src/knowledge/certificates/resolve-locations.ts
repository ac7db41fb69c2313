import type { Facts } from '../../facts/facts.generated.js';
import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { FileReader } from '../../ports/files.js';
import { apacheConfig } from '../apache/httpd-conf.js';
import { APACHE_PLACES, DATABASE_PLACES } from '../momentum/managed-paths.js';
import { namedBy } from '../permissions/named-files.js';
import { databaseFolder, postgresqlVersion } from '../postgresql/data-directory.js';
import { type PostgresqlSettings, postgresqlBoolean, postgresqlSettings } from '../postgresql/settings.js';
import { apacheLocations, loopback, type ServiceLocations } from './apache-locations.js';

const ECCONFIGD_CONF = '/opt/msys/ecelerity/etc/ecconfigd.conf';
const WEBUI_CONF = '/opt/msys/ecwebui/config/httpd.conf';
/** Manual, executable.create_ssl_cert; install.security names the data folder instead. */
const DATABASE_OTHER = '/opt/msys/3rdParty/share/postgresql';

/**
 * The locations of the services that this node has. Each service's own settings come before the documented defaults.
 * Manual: executable.create_ssl_cert, install.security, executable.ecconfigd (2027, always TLS since 3.2).
 */
export function keyPairLocations(files: FileReader, install: Facts['install']): ServiceLocations {
  const has = (...roles: string[]) => install.roles.some((role) => roles.includes(role));
  const host = hostNameOf(files) ?? install.nodeName;
  const apache = namedBy(files, install.serviceUser, APACHE_PLACES);
  const found = [
    ...(has('manager', 'singlenode') || exists(files, '/var/ecconfigd/apache')
      ? [
          apacheLocations({
            service: 'ecconfigd',
            conf: ECCONFIGD_CONF,
            config: apacheConfig(apache, ECCONFIGD_CONF),
            folder: '/var/ecconfigd/apache',
            port: 2027,
            host,
            isAlwaysTls: true,
          }),
        ]
      : []),
    ...(has('web', 'singlenode') && install.generation !== 4
      ? [
          apacheLocations({
            service: 'ecwebui',
            conf: WEBUI_CONF,
            config: apacheConfig(apache, WEBUI_CONF),
            folder: '/opt/msys/ecwebui/config/site',
            port: 443,
            host,
            isAlwaysTls: false,
          }),
        ]
      : []),
    ...(has('database', 'singlenode')
      ? [{ locations: [database(namedBy(files, install.databaseUser, DATABASE_PLACES), host)], unknowns: [] }]
      : []),
  ];
  return {
    locations: found.flatMap(({ locations }) => locations),
    unknowns: found.flatMap(({ unknowns }) => unknowns),
  };
}

function database(files: FileReader, host: string): KeyPairLocation {
  const home = databaseFolder(files);
  const settings = postgresqlSettings(files, home);
  const named = settings.get('data_directory')?.value ?? home;
  const folder = named.startsWith('/') ? named : `${home}/${named}`;
  const version = postgresqlVersion(files, folder);
  const inFolder = (path: string) => (path.startsWith('/') ? path : `${folder}/${path}`);
  const ssl = settings.get('ssl');
  const address = settings.get('listen_addresses')?.value.split(',')[0]?.trim();
  // PostgreSQL 9.0 and 9.1 know no setting for the two names (and refuse to start with one).
  const certificatePath = inFolder(settings.get('ssl_cert_file')?.value ?? 'server.crt');
  const other = { certificatePath: `${DATABASE_OTHER}/server.crt`, keyPath: `${DATABASE_OTHER}/server.key` };
  return {
    service: 'msyspg',
    ...databaseTls(settings, version),
    decidedBy: ssl ? { file: ssl.file, line: ssl.line } : { file: `${home}/postgresql.conf` },
    certificatePath,
    keyPath: inFolder(settings.get('ssl_key_file')?.value ?? 'server.key'),
    accessFile: inFolder(settings.get('hba_file')?.value ?? 'pg_hba.conf'),
    databaseVersion: version,
    passphraseCommand: (settings.get('ssl_passphrase_command')?.value ?? '') !== '',
    owner: 'msyspg',
    hostname: host,
    endpoint: {
      host: loopback(address),
      port: Number(settings.get('port')?.value ?? 5432) || 5432,
      preamble: 'postgresql',
    },
    otherPlace:
      exists(files, other.certificatePath) && certificatePath !== other.certificatePath ? other : null,
  };
}

/** Settings that older releases refuse to start with. */
const SETTINGS_SINCE: Readonly<Record<string, number>> = {
  ssl_cert_file: 9.2,
  ssl_key_file: 9.2,
  ssl_ca_file: 9.2,
  ssl_passphrase_command: 11,
  ssl_min_protocol_version: 12,
};

/** A file that was not read may set `ssl` either way, whatever the others say. */
function databaseTls(
  settings: PostgresqlSettings,
  version: number | null,
): Pick<KeyPairLocation, 'tls' | 'doubt'> {
  const [unread] = settings.unread;
  if (unread)
    return {
      tls: 'unknown',
      doubt:
        unread.line === undefined
          ? `${unread.path} could not be read (${unread.problem})`
          : `${unread.path}:${unread.line} is no line that PostgreSQL takes, and it does not start with it`,
    };
  for (const [name, since] of Object.entries(SETTINGS_SINCE)) {
    const setting = settings.get(name);
    if (setting && version !== null && version < since)
      return {
        tls: 'unknown',
        doubt: `${setting.file}:${setting.line} sets ${name}, which PostgreSQL ${version} does not know`,
      };
  }
  const ssl = settings.get('ssl');
  const on = ssl ? postgresqlBoolean(ssl.value) : false;
  return on === null
    ? { tls: 'unknown', doubt: `ssl is "${ssl?.value}", which is not a boolean` }
    : { tls: on ? 'on' : 'off' };
}

function exists(files: FileReader, path: string): boolean {
  const stat = files.stat(path);
  return stat.ok || stat.problem === 'denied';
}

function hostNameOf(files: FileReader): string | null {
  const content = files.read('/etc/hostname', { bytesMax: 4096 });
  const name = content.ok ? content.value.toString('utf8').trim() : '';
  return /^[A-Za-z0-9.-]{1,253}$/.test(name) ? name : null;
}
