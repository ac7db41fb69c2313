import { at, type Fault, mainOf, WITH_CONFIG, WITH_DATABASE, WITH_MTA, WITH_WEB } from './fault.js';
import type { GeneratedNode, LayoutName } from './generate.js';
import { CERTS, CONF, ETC, MTA_KEY } from './mta-texts.js';
import { pairOf } from './pairs.js';
import { CRON_FILE, PG_DATA, REPO_PAIR, WEB_CONF, WEB_SITE } from './service-texts.js';
import type { SystemName } from './systems.js';

const PG_CONF = `${PG_DATA}/postgresql.conf`;
const PG_HBA = `${PG_DATA}/pg_hba.conf`;
/** Where PostgreSQL's key stands: a database alone has one, and no configuration of Momentum. */
const DATABASES: readonly LayoutName[] = ['single node', 'cluster manager', 'database'];

interface Place {
  readonly what: string;
  readonly folder: string;
  readonly layouts: readonly LayoutName[];
  readonly present: string;
  readonly inTime: string;
}

const PLACES: readonly Place[] = [
  {
    what: 'PostgreSQL',
    folder: PG_DATA,
    layouts: WITH_DATABASE,
    present: 'MOM-CRT-001',
    inTime: 'MOM-CRT-002',
  },
  { what: 'the web UI', folder: WEB_SITE, layouts: WITH_WEB, present: 'MOM-CRT-003', inTime: 'MOM-CRT-004' },
  { what: 'ecconfigd', folder: REPO_PAIR, layouts: WITH_WEB, present: 'MOM-CRT-006', inTime: 'MOM-CRT-006' },
];

function pairFaults({ what, folder, layouts, present, inTime }: Place): Fault[] {
  const certificate = `${folder}/server.crt`;
  const key = `${folder}/server.key`;
  const of = (name: string, control: string, place: string, plant: (node: GeneratedNode) => void): Fault => ({
    name: `${what}: ${name}`,
    layouts,
    plant(node) {
      plant(node);
      return [at(control, place)];
    },
  });
  const shown = (fromDays: number, toDays: number) => (node: GeneratedNode) =>
    node.draft.edit(certificate, () => pairOf(fromDays, toDays).certificatePem);
  return [
    of('an expired certificate', inTime, certificate, shown(-400, -3)),
    of('a certificate that expires in ten days', inTime, certificate, shown(-355, 10)),
    of('a certificate of next week', inTime, certificate, shown(7, 372)),
    of('no certificate', present, certificate, ({ draft }) => draft.remove(certificate)),
    of('no key', present, key, ({ draft }) => draft.remove(key)),
    of('a key of another certificate', present, certificate, ({ draft }) =>
      draft.edit(key, () => pairOf(-60, 305, 1).keyPem),
    ),
    of('half a certificate', present, certificate, ({ draft }) =>
      draft.edit(certificate, (text) => text.slice(0, text.length / 2)),
    ),
  ];
}

const SERVICES: readonly Fault[] = [
  {
    name: 'PostgreSQL speaks without TLS',
    layouts: WITH_DATABASE,
    plant({ draft }) {
      draft.edit(PG_CONF, (text) => text.replace(/^ssl.*$/im, 'ssl = off'));
      return [at('MOM-CRT-001', PG_CONF, draft.lineOf(PG_CONF, /^ssl/))];
    },
  },
  {
    name: 'PostgreSQL lets a network in without TLS',
    layouts: WITH_DATABASE,
    plant({ draft }) {
      const line = draft.append(PG_HBA, 'host all all 10.20.0.0/16 md5\n');
      return [at('MOM-CRT-001', PG_HBA, line)];
    },
  },
  {
    name: 'msyspg cannot read its certificate',
    layouts: WITH_DATABASE,
    plant({ draft }) {
      draft.give(`${PG_DATA}/server.crt`, { owner: 'root', mode: 0o600 });
      return [at('MOM-CRT-001', `${PG_DATA}/server.crt`)];
    },
  },
  {
    name: 'the web UI speaks without TLS',
    layouts: WITH_WEB,
    plant(node) {
      const file = node.webHost ?? WEB_CONF;
      node.draft.edit(file, (text) => text.replace('SSLEngine on', 'SSLEngine off'));
      return [at('MOM-CRT-003', file, node.draft.lineOf(file, /SSLEngine off/))];
    },
  },
  {
    name: 'the web UI of Solaris does not start',
    layouts: WITH_WEB,
    systems: ['Solaris 10'],
    plant(node) {
      const file = node.webHost ?? WEB_CONF;
      node.draft.edit(file, (text) => text.replace(/<VirtualHost [^:]*:/, '<VirtualHost _default_:'));
      node.nameServiceCache = 'online';
      return [at('MOM-SOL-001', file, node.draft.lineOf(file, /_default_/))];
    },
  },
];

function keyFault(
  name: string,
  layouts: readonly LayoutName[],
  plant: (node: GeneratedNode) => string,
  control = 'MOM-CRT-009',
): Fault {
  return { name, layouts, plant: (node) => [at(control, plant(node))] };
}

const KEYS: readonly Fault[] = [
  keyFault('everybody can read the key of the web UI', WITH_WEB, ({ draft }) => {
    draft.give(`${WEB_SITE}/server.key`, { mode: 0o644 });
    return `${WEB_SITE}/server.key`;
  }),
  keyFault('the key of ecconfigd is of the group of mail', WITH_WEB, ({ draft }) => {
    draft.give(`${REPO_PAIR}/server.key`, { group: 'mail', mode: 0o640 });
    return `${REPO_PAIR}/server.key`;
  }),
  keyFault('the group of msyspg can read its key', DATABASES, ({ draft }) => {
    draft.give(`${PG_DATA}/server.key`, { mode: 0o640 });
    return `${PG_DATA}/server.key`;
  }),
  keyFault('msyspg cannot read its key', DATABASES, ({ draft }) => {
    draft.give(`${PG_DATA}/server.key`, { owner: 'root', mode: 0o600 });
    return `${PG_DATA}/server.key`;
  }),
  {
    name: 'the key of the listeners belongs to another user, and Momentum cannot read it',
    layouts: WITH_MTA,
    plant({ draft }) {
      draft.give(MTA_KEY, { owner: 'mail', mode: 0o600 });
      return [at('MOM-CRT-009', MTA_KEY), at('MOM-CRT-007', MTA_KEY)];
    },
  },
  keyFault('everybody can read the key of the listeners', WITH_MTA, ({ draft }) => {
    draft.give(MTA_KEY, { mode: 0o604 });
    return MTA_KEY;
  }),
  keyFault('everybody can put another key in its place', WITH_MTA, ({ draft }) => {
    draft.folder(CERTS, { mode: 0o777 });
    return CERTS;
  }),
];

const READABLE = 'MOM-PERM-002';
const OWNER = 'MOM-PERM-003';

const TREE: readonly Fault[] = [
  {
    name: 'a file that root made under umask 0027',
    layouts: WITH_CONFIG,
    plant({ draft }) {
      const file = `${CONF}/default/by-hand.conf`;
      draft.file(file, '# not used yet\n', { mode: 0o640 });
      return [at(READABLE, file), at(OWNER, file)];
    },
  },
  {
    name: 'a folder that root made under umask 0027',
    layouts: WITH_CONFIG,
    plant({ draft }) {
      const folder = `${CONF}/dkim`;
      draft.folder(folder, { mode: 0o750 });
      return [at(READABLE, folder), at(OWNER, folder)];
    },
  },
  {
    name: 'a file of ecuser that it closed to itself',
    layouts: WITH_CONFIG,
    plant({ draft }) {
      draft.file(`${CONF}/default/closed.conf`, '', { owner: 'ecuser', mode: 0 });
      return [at(READABLE, `${CONF}/default/closed.conf`)];
    },
  },
  {
    name: 'the datasource of the installer is root’s alone',
    layouts: ['single node', 'cluster MTA', 'cluster manager'],
    plant(node) {
      node.draft.give(node.datasource ?? '', { owner: 'root', mode: 0o640 });
      return [at(READABLE, node.datasource ?? '')];
    },
  },
  {
    name: 'the installer’s folder is closed',
    layouts: ['single node', 'cluster MTA', 'cluster manager'],
    plant({ draft }) {
      draft.folder('/opt/msys/etc/installer', { mode: 0o750 });
      return [at(READABLE, '/opt/msys/etc/installer')];
    },
  },
  {
    name: 'an included file elsewhere that ecuser cannot read',
    layouts: WITH_CONFIG,
    plant(node) {
      const file = `${ETC}/site/limits.conf`;
      node.draft.file(file, 'Max_Resident_Messages = 1000\n', { mode: 0o600 });
      node.draft.append(mainOf(node), `include "${file}"\n`);
      return [at(READABLE, file)];
    },
  },
];

const UMASK = 'MOM-PERM-001';
const ANY: readonly LayoutName[] = [
  'single node',
  'cluster MTA',
  'cluster manager',
  'database',
  'platform 4.x',
];
const RHEL: readonly SystemName[] = ['RHEL 5', 'RHEL 6', 'RHEL 7', 'RHEL 8', 'RHEL 9'];
const SUSE: readonly SystemName[] = ['SUSE 11', 'SUSE 12'];
const NEW: readonly SystemName[] = ['RHEL 7', 'RHEL 8', 'RHEL 9', 'SUSE 12'];

function umaskLine(
  name: string,
  systems: readonly SystemName[] | null,
  plant: (node: GeneratedNode) => readonly [file: string, line?: number],
  layouts: readonly LayoutName[] = ANY,
): Fault {
  return {
    name,
    layouts,
    ...(systems ? { systems } : {}),
    plant(node) {
      const [file, line] = plant(node);
      return [at(UMASK, file, line)];
    },
  };
}

const UMASKS: readonly Fault[] = [
  ...['0027', '077', 'u=rwx,g=rx,o=', '0002'].map((mask) =>
    umaskLine(`umask ${mask} in root’s own file`, null, ({ draft, system }) => [
      system.rootRc,
      draft.append(system.rootRc, `umask ${mask}\n`),
    ]),
  ),
  umaskLine('umask 027 in a file of the site for all', [...RHEL.slice(0, 1), ...SUSE], ({ draft }) => {
    draft.file('/etc/profile.d/zz-site.sh', '# the rule of the house\numask 027\n');
    return ['/etc/profile.d/zz-site.sh', 2];
  }),
  umaskLine('umask 027 in root’s folder of files', ['RHEL 9'], ({ draft }) => {
    draft.file('/root/.bashrc.d/10-site', 'umask 027\n');
    return ['/root/.bashrc.d/10-site', 1];
  }),
  umaskLine('umask 077 in /etc/profile', ['Solaris 10'], ({ draft }) => [
    '/etc/profile',
    draft.append('/etc/profile', 'umask 077\n'),
  ]),
  umaskLine(
    'umask 027 in the environment of ec_ctl',
    null,
    ({ draft }) => {
      draft.file(`${ETC}/environment`, 'TRY=10\numask 027\nexport TRY\n');
      return [`${ETC}/environment`, 2];
    },
    WITH_MTA,
  ),
  umaskLine(
    'umask 027 in the init script of ecconfigd',
    ['RHEL 5', 'RHEL 6', 'SUSE 11', 'Solaris 10'],
    ({ draft }) => {
      const file = '/etc/init.d/ecconfigd';
      draft.edit(file, (text) => text.replace(/^test -x .*$/m, 'umask 027'));
      return [file, draft.lineOf(file, /^umask/)];
    },
    WITH_WEB,
  ),
  umaskLine(
    'a unit with UMask=0027',
    NEW,
    ({ draft, layout }) => {
      const name = layout === 'database' ? 'msyspg' : layout === 'cluster manager' ? 'eccmgr' : 'ecelerity';
      const file = `/etc/systemd/system/${name}.service`;
      draft.file(file, `[Service]\nUMask=0027\nExecStart=/opt/msys/ecelerity/bin/${name}_ctl start\n`);
      return [file, 2];
    },
    ['single node', 'cluster MTA', 'cluster manager', 'platform 4.x'],
  ),
  umaskLine(
    'umask 077 in a job of cron',
    [...RHEL, ...SUSE],
    ({ draft }) => [
      CRON_FILE,
      draft.append(CRON_FILE, '5 1 * * * root umask 077; /opt/msys/ecelerity/bin/ec_rotate\n'),
    ],
    WITH_CONFIG,
  ),
  umaskLine(
    'umask 077 in a job of root’s crontab',
    ['Solaris 10'],
    ({ draft }) => {
      const file = '/var/spool/cron/crontabs/root';
      return [file, draft.append(file, '5 1 * * * umask 077 && /opt/msys/ecelerity/bin/ec_rotate\n')];
    },
    ['single node', 'cluster MTA', 'cluster manager'],
  ),
];

export const FILE_FAULTS: readonly Fault[] = [
  ...PLACES.flatMap(pairFaults),
  ...SERVICES,
  ...KEYS,
  ...TREE,
  ...UMASKS,
];
