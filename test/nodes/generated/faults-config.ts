import { at, type Fault, mainOf, mtaOf, storeFileOf, WITH_CONFIG, WITH_MTA } from './fault.js';
import type { GeneratedNode } from './generate.js';
import { DH_FILE, ETC, STORE_DB, STORE_KEY } from './mta-texts.js';
import { dhParameters } from './pairs.js';

/** Of SSLv3 alone, of SSLv2 alone, and of both. */
const V3 = '+ALL:-SSLv2';
const V2 = '+ALL:-SSLv3';
const INBOUND = 'MOM-TLS-001';
const OUTBOUND = 'MOM-TLS-002';
const SSLV2 = 'MOM-TLS-003';

/** A line after the first that matches; its number. */
function insertAfter(node: GeneratedNode, file: string, pattern: RegExp, line: string): number {
  const number = node.draft.lineOf(file, pattern);
  node.draft.edit(file, (text) => {
    const lines = text.split('\n');
    lines.splice(number, 0, text.includes('\r\n') ? `${line}\r` : line);
    return lines.join('\n');
  });
  return number + 1;
}

/** The global line replaced by another, or taken out. */
function protocols(node: GeneratedNode, line: string): number {
  const { globals } = mtaOf(node);
  const number = node.draft.lineOf(globals, /^tls_protocols/i);
  node.draft.edit(globals, (text) => text.replace(/^tls_protocols[^\r\n]*/im, line));
  return number;
}

const TLS: readonly Fault[] = [
  {
    name: 'SSLv3 is on for every side',
    layouts: WITH_MTA,
    plant(node) {
      const line = protocols(node, `TLS_Protocols = "${V3}"`);
      const { globals } = mtaOf(node);
      return [at(INBOUND, globals, line), at(OUTBOUND, globals, line)];
    },
  },
  {
    name: 'SSLv2 is on for every side',
    layouts: WITH_MTA,
    plant: (node) => [at(SSLV2, mtaOf(node).globals, protocols(node, `TLS_Protocols = "${V2}"`))],
  },
  {
    name: 'TLS_Protocols is set nowhere',
    layouts: WITH_MTA,
    plant(node) {
      protocols(node, '# nothing here');
      return [INBOUND, OUTBOUND, SSLV2].map((control) => ({ control, place: 'default' }));
    },
  },
  {
    name: 'SSLv3 is on for what comes in',
    layouts: WITH_MTA,
    plant(node) {
      const { listeners } = mtaOf(node);
      return [
        at(INBOUND, listeners, insertAfter(node, listeners, /^ESMTP_Listener/, `  TLS_Protocols = "${V3}"`)),
      ];
    },
  },
  {
    name: 'SSLv2 is on for one listener',
    layouts: WITH_MTA,
    plant(node) {
      const { listeners } = mtaOf(node);
      const line = insertAfter(
        node,
        listeners,
        /Listen "[^"]*:(25|587|2525)"/,
        `    TLS_Protocols = "${V2}"`,
      );
      return [at(SSLV2, listeners, line)];
    },
  },
  {
    name: 'SSLv3 is on for one binding',
    layouts: WITH_MTA,
    plant(node) {
      const { bindings } = mtaOf(node);
      return [at(OUTBOUND, bindings, insertAfter(node, bindings, /^Binding /, `  TLS_Protocols = "${V3}"`))];
    },
  },
  {
    name: 'SSLv3 is on for one domain of a binding',
    layouts: WITH_MTA,
    plant(node) {
      const { bindings } = mtaOf(node);
      const line = insertAfter(node, bindings, /^Binding /, '  Domain "old.example.net" {');
      insertAfter(node, bindings, /old\.example\.net/, `    TLS_Protocols = "${V3}"`);
      insertAfter(node, bindings, /^ {4}TLS_Protocols/, '  }');
      return [at(OUTBOUND, bindings, line + 1)];
    },
  },
  {
    name: 'SSLv2 is on again by a change on the console',
    layouts: WITH_MTA,
    plant(node) {
      const file = `${ETC}/local_changes.conf`;
      node.draft.file(file, `# console\nTLS_Protocols = "${V2}"\n`, { owner: 'ecuser' });
      return [at(SSLV2, file, 2)];
    },
  },
  {
    name: 'SSLv3 is on by the cluster’s own file',
    layouts: ['cluster MTA'],
    plant(node) {
      const file = mtaOf(node).main.replace('ecelerity.conf', 'ecelerity-cluster.conf');
      const line = node.draft.append(file, `TLS_Protocols = "${V3}"\n`);
      return [at(INBOUND, file, line), at(OUTBOUND, file, line)];
    },
  },
  {
    name: 'DHE is switched off',
    layouts: WITH_MTA,
    plant(node) {
      const { globals } = mtaOf(node);
      return [at('MOM-TLS-006', globals, node.draft.append(globals, 'TLS_Enable_DHE_Ciphers = "false"\n'))];
    },
  },
  {
    name: 'DHE is switched on where that has no effect',
    layouts: WITH_MTA,
    plant(node) {
      const { bindings } = mtaOf(node);
      const line = insertAfter(node, bindings, /^Binding /, '  TLS_Enable_DHE_Ciphers = true');
      return [at('MOM-TLS-006', bindings, line)];
    },
  },
];

function dhFault(name: string, plant: (node: GeneratedNode) => void): Fault {
  return {
    name,
    layouts: WITH_MTA,
    plant(node) {
      plant(node);
      const { globals } = mtaOf(node);
      const pattern = /^tls_dhparams_file/im;
      if (!pattern.test(node.draft.text(globals)))
        node.draft.append(globals, `TLS_DHParams_File = "${DH_FILE}"\n`);
      return [at('MOM-TLS-007', globals, node.draft.lineOf(globals, pattern))];
    },
  };
}

const DH: readonly Fault[] = [
  dhFault('DH parameters of 1024 bits', ({ draft }) => draft.edit(DH_FILE, () => dhParameters(1024))),
  dhFault('the file of DH parameters is not there', ({ draft }) => draft.remove(DH_FILE)),
  dhFault('the file of DH parameters is something else', ({ draft }) => draft.edit(DH_FILE, () => 'none\n')),
  dhFault('ecuser cannot read the DH parameters', ({ draft }) => draft.give(DH_FILE, { mode: 0o600 })),
];

const LOADING: readonly Fault[] = [
  {
    name: 'a brace too many',
    layouts: WITH_CONFIG,
    plant: (node) => [at('MOM-CFG-001', mainOf(node), node.draft.append(mainOf(node), '}\n'))],
  },
  {
    name: 'an option without a value',
    layouts: WITH_CONFIG,
    plant: (node) => [
      at('MOM-CFG-001', mainOf(node), node.draft.append(mainOf(node), 'Server_Reset_Idle =\n')),
    ],
  },
];

/** Reads the same with LF and CRLF. */
const BLOCK = /securecreds \{[^}]*\}\r?\n/;

const CREDENTIALS: readonly Fault[] = [
  {
    name: 'securecreds is nowhere',
    layouts: WITH_CONFIG,
    plant(node) {
      node.draft.edit(storeFileOf(node), (text) => text.replace(BLOCK, '# no store\n'));
      return [at('MOM-CRED-001', mainOf(node))];
    },
  },
  {
    name: 'securecreds is a comment',
    layouts: WITH_CONFIG,
    plant(node) {
      node.draft.edit(storeFileOf(node), (text) => text.replace(BLOCK, '/* securecreds {\n} */\n'));
      return [at('MOM-CRED-001', mainOf(node))];
    },
  },
  {
    name: 'securecreds is switched off',
    layouts: WITH_CONFIG,
    plant(node) {
      const file = storeFileOf(node);
      insertAfter(node, file, /^securecreds/, '  enabled = "false"');
      return [at('MOM-CRED-001', file, node.draft.lineOf(file, /^securecreds/))];
    },
  },
  ...[STORE_DB, STORE_KEY].map(
    (path): Fault => ({
      name: `${path} is not there`,
      layouts: WITH_CONFIG,
      plant(node) {
        node.draft.remove(path);
        return [at('MOM-CRED-003', path)];
      },
    }),
  ),
  {
    name: 'the database of credentials is no SQLite',
    layouts: WITH_CONFIG,
    plant(node) {
      node.draft.edit(STORE_DB, () => 'lost\n');
      return [at('MOM-CRED-003', STORE_DB)];
    },
  },
  {
    name: 'there are two stores',
    layouts: WITH_CONFIG,
    plant(node) {
      const access = { owner: 'root', group: 'ecuser', mode: 0o640 } as const;
      node.draft.file(`${ETC}/credentials.db`, node.draft.text(STORE_DB), access);
      node.draft.file(`${ETC}/credentials.key`, 'another', access);
      return [at('MOM-CRED-003', `${ETC}/credentials.db`)];
    },
  },
  storeAccess(
    'everybody can read the key of the store',
    (node) => node.draft.give(STORE_KEY, { mode: 0o644 }),
    STORE_KEY,
  ),
  storeAccess(
    'the group may write the store',
    (node) => node.draft.give(STORE_DB, { mode: 0o660 }),
    STORE_DB,
  ),
  storeAccess(
    'the store is of the group of mail',
    (node) => node.draft.give(STORE_DB, { group: 'mail' }),
    STORE_DB,
  ),
  storeAccess(
    'ecuser cannot read the key of the store',
    (node) => node.draft.give(STORE_KEY, { mode: 0o600 }),
    STORE_KEY,
  ),
  storeAccess(
    'a journal of the store is open to all',
    ({ draft }) => draft.file(`${STORE_DB}-journal`, '', { owner: 'root', group: 'ecuser', mode: 0o644 }),
    `${STORE_DB}-journal`,
  ),
];

function storeAccess(name: string, plant: (node: GeneratedNode) => void, place: string): Fault {
  return {
    name,
    layouts: WITH_CONFIG,
    plant(node) {
      plant(node);
      return [at('MOM-CRED-004', place)];
    },
  };
}

const SECRET = 'not-a-secret-of-anybody';

/** Written at the end of a file: a whole stanza, and in which of its lines the password is. */
function password(name: string, text: string, line: number): Fault {
  return {
    name: `a password ${name}`,
    layouts: WITH_CONFIG,
    plant(node) {
      const file = mainOf(node);
      const first = node.draft.append(file, text);
      // That everybody can read it there would be another fault.
      node.draft.give(file, { mode: 0o640 });
      return [at('MOM-CRED-006', file, first + line)];
    },
  };
}

const PASSWORDS: readonly Fault[] = [
  {
    name: 'a password in the datasource of the installer',
    layouts: WITH_CONFIG,
    plant(node) {
      const file = node.datasource ?? '';
      node.draft.edit(file, (text) => text.replace('user=ecuser', `user=ecuser;password=${SECRET}`));
      node.draft.give(file, { mode: 0o640 });
      return [at('MOM-CRED-006', file, node.draft.lineOf(file, /password=/))];
    },
  },
  password('of ODBC', `Datasource "crm" {\n  uri = ( "odbc:DSN=crm;UID=ec;PWD=${SECRET}" )\n}\n`, 1),
  password(
    'of MySQL',
    `Datasource "stats" {\n  uri = (\n    "mysql:host=db2;user=ec;password=${SECRET}"\n  )\n}\n`,
    2,
  ),
  password('for a smart host', `Outbound_SMTP_Auth_Pass = "${SECRET}"\n`, 0),
  password('in a comment', `# was: uri = ( "pgsql:user=ecuser;password=${SECRET}" )\n`, 0),
];

const DIRECTORY: readonly Fault[] = [
  {
    name: 'a directory is asked in clear',
    layouts: WITH_MTA,
    plant(node) {
      const file = mainOf(node);
      const line = node.draft.append(
        file,
        'Datasource "ad" {\n  uri = ( "ldap://ad.example.com/dc=example?x-ldap-version=3" )\n  no_cache = "true"\n}\n',
      );
      return [at('MOM-LDAP-001', file, line + 1)];
    },
  },
];

const OF_RELEASE: readonly Fault[] = [
  {
    name: 'a release that cannot switch SSLv3 off',
    layouts: WITH_MTA,
    plant(node) {
      node.momentum = node.layout === 'platform 4.x' ? '4.0.0.1' : '3.6.5';
      const { globals } = mtaOf(node);
      const line = node.draft.lineOf(globals, /^tls_protocols/i);
      const release = { control: 'MOM-TLS-004', place: `Momentum ${node.momentum}` };
      return [
        release,
        ...(node.momentum === '3.6.5' ? [{ ...release, control: 'MOM-TLS-006' }] : []),
        ...[INBOUND, OUTBOUND, SSLV2].map((control) => at(control, globals, line)),
      ];
    },
  },
  {
    name: 'a manager of a release that cannot switch SSLv3 off',
    layouts: ['cluster manager'],
    plant(node) {
      node.momentum = '3.5.9';
      return ['MOM-TLS-004', 'MOM-TLS-006'].map((control) => ({ control, place: 'Momentum 3.5.9' }));
    },
  },
];

export const CONFIG_FAULTS: readonly Fault[] = [
  ...TLS,
  ...DH,
  ...LOADING,
  ...CREDENTIALS,
  ...PASSWORDS,
  ...DIRECTORY,
  ...OF_RELEASE,
];
