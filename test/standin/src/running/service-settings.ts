import { readFileSync } from 'node:fs';
import {
  type Config,
  evaluate,
  parseBoolean,
  parseTlsProtocols,
  scopesNamed,
  TLS_VERSIONS,
} from '@castellan/momentum';
import { ECCONFIGD_CONF, HTTPD_CONF, MSYSPG_PAIR, POSTGRESQL_CONF } from '../lay/texts/services.js';
import type { StandinNode } from './standin-node.js';
import { hostPath } from './tree-paths.js';

/** Where a service listens and what it shows, read from the tree's own settings at each start. */
export interface TlsEndpoint {
  readonly host: string;
  readonly port: number;
  /** Paths inside the tree. Null: the service speaks no TLS. */
  readonly certificate: string | null;
  readonly key: string | null;
}

export function ecconfigdEndpoint(node: StandinNode): TlsEndpoint {
  return httpdEndpoint(node, ECCONFIGD_CONF);
}

export function webuiEndpoint(node: StandinNode): TlsEndpoint {
  return httpdEndpoint(node, HTTPD_CONF);
}

function text(node: StandinNode, path: string): string {
  return readFileSync(hostPath(node.root, path), 'utf8');
}

function httpdEndpoint(node: StandinNode, path: string): TlsEndpoint {
  const conf = text(node, path);
  const directive = (name: string) =>
    new RegExp(`^\\s*${name}\\s+"?([^"\\s]+)"?\\s*$`, 'im').exec(conf)?.[1] ?? null;
  const listen = directive('Listen') ?? '';
  const colon = listen.lastIndexOf(':');
  const isOn = directive('SSLEngine')?.toLowerCase() === 'on';
  return {
    host: colon === -1 ? '127.0.0.1' : listen.slice(0, colon),
    port: Number(listen.slice(colon + 1)),
    certificate: isOn ? directive('SSLCertificateFile') : null,
    key: isOn ? directive('SSLCertificateKeyFile') : null,
  };
}

export function msyspgEndpoint(node: StandinNode): TlsEndpoint {
  const conf = text(node, POSTGRESQL_CONF);
  const setting = (name: string) =>
    new RegExp(`^\\s*${name}\\s*=?\\s*'?([^'#\\s]+)'?`, 'm').exec(conf)?.[1] ?? null;
  const isOn = setting('ssl') === 'on';
  const host = setting('listen_addresses') ?? '127.0.0.1';
  return {
    host: host === 'localhost' ? '127.0.0.1' : host,
    port: Number(setting('port') ?? '5432'),
    certificate: isOn ? `${MSYSPG_PAIR}.crt` : null,
    key: isOn ? `${MSYSPG_PAIR}.key` : null,
  };
}

/** The first ESMTP listener of the running configuration (Manual, ecelerity.conf: `Listen "host:port"`). */
export interface EsmtpTls {
  /** Versions that TLS_Protocols leaves off. */
  readonly off: readonly string[];
  /** A cipher list of OpenSSL; without DHE where that is switched off. */
  readonly ciphers: string;
  readonly dhParameters: string | null;
}

/** What the listener is to speak (Manual, conf.ref.tls_protocols, tls_ciphers, tls_dhparams_file, tls_enable_dhe_ciphers). */
export function esmtpTls(config: Config): EsmtpTls {
  const option = (what: string) => evaluate(config, esmtpListen(config)?.path ?? [], what).text;
  const protocols = parseTlsProtocols(option('tls_protocols') ?? '+ALL');
  const ciphers = option('tls_ciphers') ?? 'DEFAULT';
  const hasDhe = parseBoolean(evaluate(config, [], 'tls_enable_dhe_ciphers').text ?? 'true') !== false;
  return {
    off: TLS_VERSIONS.filter((version) => protocols.allows(version) === 'no'),
    ciphers: hasDhe ? ciphers : `${ciphers}:!kDHE`,
    dhParameters: evaluate(config, [], 'tls_dhparams_file').text,
  };
}

function esmtpListen(config: Config) {
  return scopesNamed(config, 'listen').find(({ path }) => path[0]?.type.toLowerCase() === 'esmtp_listener');
}

export function esmtpEndpoint(config: Config): TlsEndpoint {
  const listen = esmtpListen(config);
  const name = listen?.path.at(-1)?.name ?? '127.0.0.1:25';
  const colon = name.lastIndexOf(':');
  const option = (what: string) => evaluate(config, listen?.path ?? [], what).text;
  const offersTls = (option('smtp_extensions') ?? '').split(/\s+/).includes('STARTTLS');
  const host = name.slice(0, colon);
  return {
    host: host === '' || host === '*' ? '0.0.0.0' : host,
    port: Number(name.slice(colon + 1)),
    certificate: offersTls ? option('tls_certificate') : null,
    key: offersTls ? (option('tls_key') ?? option('tls_certificate')) : null,
  };
}
