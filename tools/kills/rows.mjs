// What is killed: each remediation, for each service that it knows.

import {
  CONF,
  CREDENTIALS_DB,
  CREDENTIALS_KEY,
  ECDB_CONF,
  STORE_FILES,
  UNREADABLE_CONF,
} from '../../test/standin/dist/lay/places.js';
import { SERVICE_PASSWORD } from '../../test/standin/dist/lay/texts/ecelerity-conf.js';
import * as services from '../../test/standin/dist/lay/texts/services.js';
import { ROOT_BASHRC } from '../../test/standin/dist/lay/texts/system.js';
import * as plants from './plants.mjs';

const pairOf = (pair) => [`${pair}.key`, `${pair}.crt`];
const WEBUI_FILES = pairOf(services.ECWEBUI_PAIR);
const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';
/** The configuration that the running Momentum of the stand-in node has in memory. */
const RUNNING = '/var/run/standin/config';
const evaluated = (option, ...scope) => [CONSOLE, '/tmp/2025', 'config', 'eval', ...scope, option];
const COMMITS = [`repositoryPassword=${SERVICE_PASSWORD}`];

function renewal(service, pair, starttls) {
  const files = pairOf(pair);
  return {
    name: `certificate-renew ${service}`,
    slug: 'certificate-renew',
    params: [`service=${service}`],
    isExpired: true,
    pair,
    service,
    starttls,
    paths: files,
    unlike: files,
  };
}

const configRow = (slug, { params = [], ...more }) => ({
  name: slug,
  slug,
  params: [...COMMITS, ...params],
  paths: [CONF, RUNNING],
  ...more,
});

/** The run before is put back; `params` are of both, but for the run that is named. */
function undoOf(slug, params, row) {
  return {
    name: `undo ${slug}`,
    slug: 'undo',
    first: { slug, params },
    params: ({ first }) => [...params, `run=${first}`],
    ...row,
  };
}

/** As verdicts on what the listener of mail serves are called. */
function servedSubject(port) {
  return `inbound Esmtp_Listener::Listen:127.0.0.1\\:${port}: served`;
}

/**
 * The longest first. `faults`, `plant`, `afterStart`: what is wrong with the node. `first`: the run that the row's is about.
 * `params`: NAME=VALUE, also as a function of the node's ports and of the first run. `pair`: what a run makes, and is
 * served; `isExpired`: one is there whose year is over. `lasting`: how an end says that what a service was told stays so.
 * `paths`: what the run may change, and what it must not beside that. `unlike`: content that no two
 * runs, or no two nodes, have alike. `kept`: content that no run may change.
 * `asks`: programs whose answer is part of the node.
 */
export const ROWS = [
  {
    name: 'securecreds-enable',
    slug: 'securecreds-enable',
    params: [`password=${SERVICE_PASSWORD}`],
    faults: ['plaintext-password'],
    paths: [CONF, ECDB_CONF, RUNNING, ...STORE_FILES],
    unlike: STORE_FILES,
    asks: [['/opt/msys/ecelerity/bin/credmgr', 'get_cred', '-d', CREDENTIALS_DB, '-k', CREDENTIALS_KEY]],
  },
  {
    name: 'tls-protocols',
    slug: 'tls-protocols',
    params: COMMITS,
    faults: ['tls-protocols'],
    paths: [CONF, RUNNING],
    asks: [evaluated('tls_protocols'), evaluated('tls_protocols', 'Binding', 'bulk')],
  },
  renewal('ecconfigd', services.ECCONFIGD_PAIR),
  renewal('ecwebui', services.ECWEBUI_PAIR),
  renewal('msyspg', services.MSYSPG_PAIR, 'postgres'),
  {
    name: 'permissions-repair',
    slug: 'permissions-repair',
    params: [],
    faults: ['config-unreadable'],
    paths: [CONF, UNREADABLE_CONF],
  },
  {
    name: 'key-permissions',
    slug: 'key-permissions',
    params: [],
    faults: ['webui-key-open'],
    paths: WEBUI_FILES,
    unlike: WEBUI_FILES,
    kept: WEBUI_FILES,
  },
  configRow('tls-old-versions', {
    faults: ['old-tls'],
    asks: [evaluated('tls_protocols')],
  }),
  configRow('tls-ciphers', { plant: plants.weakCiphers, asks: [evaluated('tls_ciphers')] }),
  configRow('ldap-strict', {
    plant: plants.openDirectory,
    paths: [CONF, RUNNING, plants.LDAP_CONF],
  }),
  configRow('control-listener', { plant: plants.openControl }),
  configRow('dhe-enable', {
    plant: plants.shortParameters,
    paths: [CONF, RUNNING, plants.DH_PARAMETERS],
    asks: [evaluated('tls_enable_dhe_ciphers')],
  }),
  {
    name: 'config-reload',
    slug: 'config-reload',
    params: ({ ports }) => ['control=MOM-CRT-007', `subject=${servedSubject(ports.esmtp)}`],
    afterStart: plants.unreadEdit,
    paths: [CONF, RUNNING],
    lasting: /config reload.* is not taken back/,
  },
  {
    name: 'postgres-tls-enable',
    slug: 'postgres-tls-enable',
    params: [],
    plant: plants.plainDatabase,
    pair: services.MSYSPG_PAIR,
    service: 'msyspg',
    starttls: 'postgres',
    paths: [services.POSTGRESQL_CONF, ...pairOf(services.MSYSPG_PAIR)],
    unlike: pairOf(services.MSYSPG_PAIR),
  },
  {
    name: 'webui-tls-enable',
    slug: 'webui-tls-enable',
    params: [],
    plant: plants.plainWebui,
    pair: services.ECWEBUI_PAIR,
    service: 'ecwebui',
    paths: [services.HTTPD_CONF, ...WEBUI_FILES],
    unlike: WEBUI_FILES,
    kept: WEBUI_FILES,
  },
  {
    name: 'webui-vhost',
    slug: 'webui-vhost',
    params: [],
    plant: plants.solaris,
    service: 'ecwebui',
    paths: [services.HTTPD_CONF],
  },
  {
    name: 'umask-repair',
    slug: 'umask-repair',
    params: [],
    faults: ['root-umask'],
    plant: plants.strictUnit,
    paths: [ROOT_BASHRC, plants.UNITS],
  },
  {
    name: 'dkim-key-permissions',
    slug: 'dkim-key-permissions',
    params: [],
    plant: plants.openDkimKey,
    paths: [plants.DKIM_KEY],
    unlike: [plants.DKIM_KEY],
    kept: [plants.DKIM_KEY],
  },
  undoOf('tls-protocols', COMMITS, {
    faults: ['tls-protocols'],
    paths: [CONF, RUNNING],
    asks: [evaluated('tls_protocols')],
  }),
  undoOf('umask-repair', [], {
    faults: ['root-umask'],
    plant: plants.strictUnit,
    paths: [ROOT_BASHRC, plants.UNITS],
  }),
  undoOf('key-permissions', [], {
    faults: ['webui-key-open'],
    paths: WEBUI_FILES,
    unlike: WEBUI_FILES,
    kept: WEBUI_FILES,
  }),
];
