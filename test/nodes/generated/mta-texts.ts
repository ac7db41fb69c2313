import type { Random } from './random.js';

export const ETC = '/opt/msys/ecelerity/etc';
export const CONF = `${ETC}/conf`;
export const CERTS = `${ETC}/certs`;
export const DH_FILE = `${CERTS}/dh.pem`;
export const MTA_KEY = `${CERTS}/server.key`;
export const MTA_CERTIFICATE = `${CERTS}/server.crt`;
export const STORE_DB = '/opt/msys/etc/credentials.db';
export const STORE_KEY = '/opt/msys/etc/credentials.key';

const OLD_ARE_OFF = ['+ALL:-SSLv2:-SSLv3', '+TLSv1:+TLSv1.1:+TLSv1.2', '+ALL:-SSLv3:-SSLv2', '+TLSv1.2'];
const REMARKS = [
  '# reviewed with the mail team',
  '# see the run book',
  '/* kept from the last upgrade */',
  '#',
  '',
];

/** Options are found whatever their case, and a value needs quotes only where the language could not read it without. */
export function option(random: Random, name: string, value: string, indent = ''): string {
  const spelled = random.pick([name, name.toLowerCase(), name]);
  const isBare = /^[\w./]+$/.test(value) && random.chance(0.5);
  const equals = random.pick([' = ', '=', '  =  ']);
  return `${indent}${spelled}${equals}${isBare ? value : `"${value}"`}\n`;
}

function remark(random: Random): string {
  return random.chance(0.4) ? `${random.pick(REMARKS)}\n` : '';
}

export function globals(random: Random): string {
  const lines = [
    option(random, 'Pidfile', '/var/run/ecelerity.pid'),
    option(random, 'Spoolbase', '/var/spool/ecelerity'),
    `Relay_Hosts = ( 127.0.0.0/8${random.chance(0.5) ? ' 10.10.0.0/16' : ''} )\n`,
    'Prohibited_Hosts = ( "127.0.0.0/8" "0.0.0.0" )\n',
    // Seldom: testing the prime takes longer than everything else.
    random.chance(0.15) ? option(random, 'TLS_DHParams_File', DH_FILE) : '',
    option(random, 'TLS_Protocols', random.pick(OLD_ARE_OFF)),
    option(random, 'TLS', 'ifavailable'),
  ];
  return random
    .shuffled(lines)
    .map((line) => remark(random) + line)
    .join('');
}

export function listeners(random: Random): string {
  const port = random.pick(['25', '587', '2525']);
  const address = random.pick(['*', '127.0.0.1', '10.10.0.5']);
  const own = random.shuffled([
    '  SMTP_Extensions = ( "ENHANCEDSTATUSCODES" "STARTTLS" )\n',
    option(random, 'TLS_Certificate', MTA_CERTIFICATE, '  '),
    option(random, 'TLS_Key', MTA_KEY, '  '),
  ]);
  const second = random.chance(0.4) ? `  Listen "${address}:24" {\n    Enable = "true"\n  }\n` : '';
  const control = `Control_Listener {\n  Listen "/tmp/2025" {\n    File_Mode = "0660"\n  }\n}\n`;
  const esmtp = `ESMTP_Listener {\n${own.join('')}  Listen "${address}:${port}" {\n  }\n${second}}\n`;
  return random.shuffled([control, esmtp]).join(remark(random) || '\n');
}

export function bindings(random: Random): string {
  const count = 1 + random.below(3);
  const names = random.shuffled(['bulk', 'transactional', 'partners', 'alerts']).slice(0, count);
  return names
    .map((name) => {
      const domain = random.chance(0.4)
        ? `  Domain "${name}.example.org" {\n${option(random, 'TLS', 'ifavailable', '    ')}    Max_Outbound_Connections = 4\n  }\n`
        : '';
      return `${remark(random)}Binding "${name}" {\n${option(random, 'EHLO_Hostname', `${name}.example.com`, '  ')}${domain}}\n`;
    })
    .join('');
}

export function security(random: Random): string {
  const lines = [option(random, 'User', 'ecuser', '  '), option(random, 'Group', 'ecuser', '  ')];
  return `Security {\n${random.shuffled(lines).join('')}  Capabilities = "cap_net_bind_service+ep"\n}\n`;
}

/** With the paths, or in the hope for the module's own. */
export function securecreds(random: Random): string {
  if (random.chance(0.3)) return 'securecreds {\n}\n';
  const lines = [option(random, 'Credentials', STORE_DB, '  '), option(random, 'Key', STORE_KEY, '  ')];
  return `securecreds {\n${random.shuffled(lines).join('')}}\n`;
}

export function debugFlags(random: Random): string {
  return random.chance(0.5) ? 'Debug_Flags {\n  ERROR = ( ALL )\n  CRITICAL = ( ALL )\n}\n' : '';
}

export function datasource(random: Random): string {
  const host = random.pick(['localhost', '127.0.0.1', 'db1.example.com']);
  return `# written when the product was installed\nDatasource "ecdb" {\n  uri = ( "pgsql:host=${host};dbname=ecelerity;user=ecuser" )\n}\n`;
}

export function webuiCommon(): string {
  return 'Datasource "ecdb" {\n  uri = ( "pgsql:dbname=ecelerity;user=ecuser" )\n}\n\nauth_ds {\n  Scheme "ecauth" {\n    Authenticate {\n      query = "SELECT password from webconsole.users where username = :user"\n      map = [\n        user = "%{user}"\n      ]\n    }\n  }\n}\n';
}

/** A manager mostly sends nothing: its console, its listeners for the cluster, and the store. */
export function managerConf(random: Random): string {
  const parts = random.shuffled([
    'Security {\n  User = "ecuser"\n  Group = "ecuser"\n}\n',
    'Control_Listener {\n  Listen "/tmp/2025" {\n    File_Mode = "0660"\n  }\n}\n',
    'ECCluster_Listener {\n  Listen "*:4802" {\n  }\n}\n',
    securecreds(random),
  ]);
  return `# eccluster.conf\n${parts.join(remark(random))}\ninclude "webui-common.conf"\nreadonly_include "/opt/msys/etc/installer/eccmgr.d"\n`;
}
