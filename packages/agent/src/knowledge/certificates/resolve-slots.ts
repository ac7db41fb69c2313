import type { Facts } from '../../facts/facts.generated.js';
import type { CertificateService, CertificateSlot } from '../../facts/parts/key-pair-location.js';
import type { FileReader } from '../../ports/files.js';
import {
  type ApacheConfig,
  type ApacheDirective,
  apacheConfig,
  listenAddress,
} from '../apache/httpd-conf.js';
import { APACHE_PLACES, DATABASE_PLACES } from '../momentum/managed-paths.js';
import { namedBy } from '../permissions/named-files.js';
import { databaseFolder, postgresqlVersion } from '../postgresql/data-directory.js';
import { type PostgresqlSettings, postgresqlBoolean, postgresqlSettings } from '../postgresql/settings.js';

const ECCONFIGD_CONF = '/opt/msys/ecelerity/etc/ecconfigd.conf';
const WEBUI_CONF = '/opt/msys/ecwebui/config/httpd.conf';
/** Manual, executable.create_ssl_cert; install.security names the data folder instead. */
const DATABASE_OTHER = '/opt/msys/3rdParty/share/postgresql';

/**
 * The slots of the services that this node has. Each service's own settings come before the documented defaults.
 * Manual: executable.create_ssl_cert, install.security, executable.ecconfigd (2027, always TLS since 3.2).
 */
export function certificateSlots(files: FileReader, install: Facts['install']): CertificateSlot[] {
  const has = (...roles: string[]) => install.roles.some((role) => roles.includes(role));
  const host = hostNameOf(files) ?? install.nodeName;
  const apache = namedBy(files, install.serviceUser, APACHE_PLACES);
  return [
    ...(has('manager', 'singlenode') || exists(files, '/var/ecconfigd/apache')
      ? [ecconfigd(apache, host)]
      : []),
    ...(has('web', 'singlenode') && install.generation !== 4 ? [webui(apache, host)] : []),
    ...(has('database', 'singlenode')
      ? [database(namedBy(files, install.databaseUser, DATABASE_PLACES), host)]
      : []),
  ];
}

function ecconfigd(files: FileReader, host: string): CertificateSlot {
  return {
    ...apacheSlot('ecconfigd', apacheConfig(files, ECCONFIGD_CONF).directives, {
      folder: '/var/ecconfigd/apache',
      port: 2027,
      host,
    }),
    tls: 'on',
    decidedBy: { file: ECCONFIGD_CONF },
    otherPlace: null,
  };
}

function webui(files: FileReader, host: string): CertificateSlot {
  const config = apacheConfig(files, WEBUI_CONF);
  const engine = config.directives.filter((d) => d.name === 'sslengine');
  const decides = engine.find(isOn) ?? engine.at(-1);
  return {
    ...apacheSlot('ecwebui', config.directives, {
      folder: '/opt/msys/ecwebui/config/site',
      port: 443,
      host,
    }),
    ...tlsOf(decides ? isOn(decides) : false, config.unread),
    decidedBy: decides ? { file: decides.file, line: decides.line } : { file: WEBUI_CONF },
    otherPlace: null,
  };
}

/** What is on is certain; what is off could be switched on by a file that was not read. */
function tlsOf(on: boolean, unread: ApacheConfig['unread']): Pick<CertificateSlot, 'tls' | 'doubt'> {
  const [first] = unread;
  if (on) return { tls: 'on' };
  return first
    ? { tls: 'unknown', doubt: `${first.path} could not be read (${first.problem})` }
    : { tls: 'off' };
}

function isOn(directive: ApacheDirective): boolean {
  return directive.args[0]?.toLowerCase() === 'on';
}

function apacheSlot(
  service: CertificateService,
  directives: readonly ApacheDirective[],
  fallback: { readonly folder: string; readonly port: number; readonly host: string },
): Pick<CertificateSlot, 'service' | 'certificatePath' | 'keyPath' | 'owner' | 'hostname' | 'endpoint'> {
  const vhost = directives.find((d) => d.name === 'sslengine' && isOn(d))?.vhost ?? null;
  const last = (name: string) => {
    const all = directives.filter((d) => d.name === name);
    // The virtual host's own, then the server's; another virtual host's only where nothing better is there.
    const near = [vhost, null].flatMap((around) => all.filter((d) => d.vhost === around).at(-1) ?? []);
    return (near[0] ?? all.at(-1))?.args[0];
  };
  const vhostPort = listenAddress(vhost?.address.split(/\s+/)[0] ?? '')?.port;
  const listens = directives
    .filter((d) => d.name === 'listen')
    .flatMap((d) => listenAddress(d.args[0] ?? '') ?? []);
  const listen =
    listens.find((l) => l.port === vhostPort) ?? listens.find((l) => l.port === fallback.port) ?? listens[0];
  const name = last('servername')
    ?.replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '');
  const certificatePath = last('sslcertificatefile') ?? `${fallback.folder}/server.crt`;
  return {
    service,
    certificatePath,
    // Apache looks for the key in the certificate's file when no other is named.
    keyPath:
      last('sslcertificatekeyfile') ??
      (last('sslcertificatefile') === undefined ? `${fallback.folder}/server.key` : certificatePath),
    owner: 'ecuser',
    hostname: name && name !== 'localhost' ? name : fallback.host,
    endpoint: { host: loopback(listen?.address), port: listen?.port ?? fallback.port, preamble: 'none' },
  };
}

function database(files: FileReader, host: string): CertificateSlot {
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
): Pick<CertificateSlot, 'tls' | 'doubt'> {
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

function loopback(address: string | undefined): string {
  if (address === '::') return '::1';
  return address && !['*', '0.0.0.0', 'localhost'].includes(address) ? address : '127.0.0.1';
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
