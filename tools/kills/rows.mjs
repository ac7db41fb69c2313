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

const WEBUI_PAIR = '/opt/msys/ecwebui/config/site/server';
const WEBUI_FILES = [`${WEBUI_PAIR}.key`, `${WEBUI_PAIR}.crt`];
const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';
/** The configuration that the running Momentum of the stand-in node has in memory. */
const RUNNING = '/var/run/standin/config';
const evaluated = (...scope) => [CONSOLE, '/tmp/2025', 'config', 'eval', ...scope, 'tls_protocols'];

function renewal(service, pair, starttls) {
  const files = [`${pair}.key`, `${pair}.crt`];
  return {
    name: `certificate-renew ${service}`,
    slug: 'certificate-renew',
    params: [`service=${service}`],
    faults: [],
    pair,
    service,
    starttls,
    paths: files,
    unlike: files,
  };
}

/**
 * The longest first. `paths`: what the run may change, and what it must not beside that. `unlike`: content that no two
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
    params: [`repositoryPassword=${SERVICE_PASSWORD}`],
    faults: ['tls-protocols'],
    paths: [CONF, RUNNING],
    asks: [evaluated(), evaluated('Binding', 'bulk')],
  },
  renewal('ecconfigd', '/var/ecconfigd/apache/server'),
  renewal('ecwebui', WEBUI_PAIR),
  renewal('msyspg', '/var/db/msyspg/server', 'postgres'),
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
];
