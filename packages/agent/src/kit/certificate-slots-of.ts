import type { FileReader } from '../ports/files.js';
import { type ApacheDirective, apacheDirectives, listenAddress } from './apache-directives.js';
import type { CertificateService, CertificateSlot } from './certificate-slots.js';
import type { Facts } from './fact.js';

const ECCONFIGD_CONF = '/opt/msys/ecelerity/etc/ecconfigd.conf';
const WEBUI_CONF = '/opt/msys/ecwebui/config/httpd.conf';
/** Manual, operations.postgresql (the default; the installer lets one choose another). */
const DATABASE_FOLDER = '/var/db/msyspg';
/** Manual, executable.create_ssl_cert; install.security names the data folder instead. */
const DATABASE_OTHER = '/opt/msys/3rdParty/share/postgresql';

/**
 * The slots of the services that this node has. Each service's own settings come before the documented defaults.
 * Manual: executable.create_ssl_cert, install.security, executable.ecconfigd (2027, always TLS since 3.2).
 */
export function certificateSlots(files: FileReader, install: Facts['install']): CertificateSlot[] {
  const has = (...roles: string[]) => install.roles.some((role) => roles.includes(role));
  const host = hostNameOf(files) ?? install.nodeName;
  return [
    ...(has('manager', 'singlenode') || exists(files, '/var/ecconfigd/apache')
      ? [ecconfigd(files, host)]
      : []),
    ...(has('web', 'singlenode') && install.generation !== 4 ? [webui(files, host)] : []),
    ...(has('database', 'singlenode') ? [database(files, host)] : []),
  ];
}

function ecconfigd(files: FileReader, host: string): CertificateSlot {
  const at = '/var/ecconfigd/apache';
  const read = textOf(files, ECCONFIGD_CONF);
  const directives = read.text === null ? [] : apacheDirectives(read.text);
  return {
    ...apacheSlot('ecconfigd', directives, { folder: at, port: 2027, host }),
    tls: 'on',
    decidedBy: { file: ECCONFIGD_CONF },
    otherPlace: null,
  };
}

function webui(files: FileReader, host: string): CertificateSlot {
  const read = textOf(files, WEBUI_CONF);
  const directives = read.text === null ? [] : apacheDirectives(read.text);
  const engine = directives.filter((d) => d.name === 'sslengine');
  const isOn = engine.find((d) => d.args[0]?.toLowerCase() === 'on');
  const tls = read.text === null ? (read.problem === 'missing' ? 'off' : 'unknown') : isOn ? 'on' : 'off';
  const decided = isOn ?? engine.at(-1);
  return {
    ...apacheSlot('ecwebui', directives, { folder: '/opt/msys/ecwebui/config/site', port: 443, host }),
    tls,
    decidedBy: decided ? { file: WEBUI_CONF, line: decided.line } : { file: WEBUI_CONF },
    otherPlace: null,
  };
}

function apacheSlot(
  service: CertificateService,
  directives: readonly ApacheDirective[],
  fallback: { readonly folder: string; readonly port: number; readonly host: string },
): Pick<CertificateSlot, 'service' | 'certificatePath' | 'keyPath' | 'owner' | 'hostname' | 'endpoint'> {
  const tlsVhost =
    directives.find((d) => d.name === 'sslengine' && d.args[0]?.toLowerCase() === 'on')?.vhost ?? null;
  const last = (name: string) =>
    (
      directives.filter((d) => d.name === name && d.vhost === tlsVhost).at(-1) ??
      directives.filter((d) => d.name === name).at(-1)
    )?.args[0];
  const vhostPort = listenAddress(
    directives.find((d) => d.name === '<virtualhost>' && d.line === tlsVhost)?.args[0] ?? '',
  )?.port;
  const listens = directives
    .filter((d) => d.name === 'listen')
    .flatMap((d) => listenAddress(d.args[0] ?? '') ?? []);
  const listen =
    listens.find((l) => l.port === vhostPort) ?? listens.find((l) => l.port === fallback.port) ?? listens[0];
  const name = last('servername')
    ?.replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '');
  return {
    service,
    certificatePath: last('sslcertificatefile') ?? `${fallback.folder}/server.crt`,
    keyPath: last('sslcertificatekeyfile') ?? `${fallback.folder}/server.key`,
    owner: 'ecuser',
    hostname: name && name !== 'localhost' ? name : fallback.host,
    endpoint: { host: loopback(listen?.address), port: listen?.port ?? fallback.port, preamble: 'none' },
  };
}

/** postgresql.conf: `name = value`, quotes and the equals sign optional, the last line of a name counts. */
function database(files: FileReader, host: string): CertificateSlot {
  const conf = `${DATABASE_FOLDER}/postgresql.conf`;
  const read = textOf(files, conf);
  const settings = new Map<string, { readonly value: string; readonly line: number }>();
  for (const [index, raw] of (read.text ?? '').split('\n').entries()) {
    const match = /^\s*([a-z_]+)\s*=?\s*('(?:[^']|'')*'|[^#\s]+)/i.exec(raw);
    if (match?.[1] && match[2])
      settings.set(match[1].toLowerCase(), { value: match[2].replace(/^'(.*)'$/, '$1'), line: index + 1 });
  }
  const folder = settings.get('data_directory')?.value ?? DATABASE_FOLDER;
  const inFolder = (path: string) => (path.startsWith('/') ? path : `${folder}/${path}`);
  const ssl = settings.get('ssl');
  const isOn = ssl ? /^(on|true|yes|1)$/i.test(ssl.value) : false;
  const address = settings.get('listen_addresses')?.value.split(',')[0]?.trim();
  const certificatePath = inFolder(settings.get('ssl_cert_file')?.value ?? 'server.crt');
  const other = { certificatePath: `${DATABASE_OTHER}/server.crt`, keyPath: `${DATABASE_OTHER}/server.key` };
  return {
    service: 'msyspg',
    tls: read.text === null && read.problem !== 'missing' ? 'unknown' : isOn ? 'on' : 'off',
    decidedBy: ssl ? { file: conf, line: ssl.line } : { file: conf },
    certificatePath,
    keyPath: inFolder(settings.get('ssl_key_file')?.value ?? 'server.key'),
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

function loopback(address: string | undefined): string {
  return address === undefined ||
    address === '' ||
    address === '*' ||
    address === '0.0.0.0' ||
    address === 'localhost'
    ? '127.0.0.1'
    : address === '::'
      ? '::1'
      : address;
}

function textOf(
  files: FileReader,
  path: string,
): { readonly text: string | null; readonly problem: string | null } {
  const content = files.read(path, { bytesMax: 4 * 1024 * 1024 });
  return content.ok
    ? { text: content.value.toString('utf8'), problem: null }
    : { text: null, problem: content.problem };
}

function exists(files: FileReader, path: string): boolean {
  const stat = files.stat(path);
  return stat.ok || stat.problem === 'denied';
}

function hostNameOf(files: FileReader): string | null {
  const name = textOf(files, '/etc/hostname').text?.trim();
  return name && /^[A-Za-z0-9.-]{1,253}$/.test(name) ? name : null;
}
