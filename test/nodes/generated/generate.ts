import { NodeDraft } from './draft.js';
import * as mta from './mta-texts.js';
import { dhParameters, inTime } from './pairs.js';
import { Random } from './random.js';
import * as service from './service-texts.js';
import { laySystem, SYSTEMS, type System, type SystemName, systemOf } from './systems.js';

export type LayoutName = 'single node' | 'cluster MTA' | 'cluster manager' | 'database' | 'platform 4.x';

export const LAYOUTS: readonly LayoutName[] = [
  'single node',
  'cluster MTA',
  'cluster manager',
  'database',
  'platform 4.x',
];

/** Momentum 4 came when RHEL 6 did, and for nothing else. */
export function systemsOf(layout: LayoutName): readonly SystemName[] {
  return layout === 'platform 4.x' ? ['RHEL 6', 'RHEL 7', 'RHEL 8', 'RHEL 9'] : SYSTEMS;
}

/** Where the parts of the MTA's configuration stand: in one file, or each in its own. */
export interface ConfigFiles {
  readonly main: string;
  readonly globals: string;
  readonly listeners: string;
  readonly bindings: string;
  readonly store: string;
}

export interface GeneratedNode {
  readonly layout: LayoutName;
  readonly system: System;
  readonly details: string[];
  readonly draft: NodeDraft;
  readonly random: Random;
  /** The release that is said to run; a fault may set another. */
  momentum: string;
  /** What `svcs` answers of the name-service cache, where the node is asked. */
  nameServiceCache: string | null;
  readonly mta: ConfigFiles | null;
  readonly managerMain: string | null;
  /** The file of the virtual host with TLS. */
  readonly webHost: string | null;
  readonly hasDatabase: boolean;
  readonly hasRepository: boolean;
  /** The datasource of the installer. */
  readonly datasource: string | null;
}

const EC = { owner: 'ecuser' } as const;
const MANAGER_MAIN = `${mta.CONF}/default/eccluster.conf`;

/** A node in order. The same seed makes the same node. */
export function generate(layout: LayoutName, systemName: SystemName, seed: number): GeneratedNode {
  const random = new Random(seed);
  const system = systemOf(systemName);
  const ecuser = random.pick([500, 1001, 7100]);
  const draft = new NodeDraft({ root: 0, ecuser, msyspg: ecuser + 1 + random.below(5), mail: 12 });
  const host = `${random.pick(['mta', 'mail', 'out', 'eu-west-'])}${1 + random.below(9)}.example.com`;
  const details: string[] = [`host ${host}`];
  layUsers(draft, system, random);
  laySystem(draft, system, host, random);
  const isSingle = layout === 'single node';
  const hasMta = isSingle || layout === 'cluster MTA' || layout === 'platform 4.x';
  const isManager = layout === 'cluster manager';
  const hasDatabase = isSingle || isManager || layout === 'database';
  const hasRepository = isSingle || isManager;
  if (hasMta || isManager) layProduct(draft, random);
  const files = hasMta ? layMta({ draft, random, layout, host, details }) : null;
  if (isManager) layManager(draft, random);
  if (layout === 'platform 4.x') draft.folder('/opt/msys/3rdParty/nginx/conf.d');
  if (hasDatabase) layDatabase(draft, random, details);
  if (hasRepository) layRepository(draft, random, host);
  const webHost = hasRepository ? layWeb(draft, random, host, details) : null;
  const daemons = [
    ...(hasMta ? ['ecelerity'] : []),
    ...(isManager ? ['eccmgr'] : []),
    ...(hasRepository ? ['ecconfigd', 'ecwebconsole'] : []),
    ...(hasDatabase ? ['msyspg'] : []),
  ];
  layStarts(draft, system, daemons, random);
  return {
    layout,
    system,
    details,
    draft,
    random,
    momentum:
      layout === 'platform 4.x' ? random.pick(['4.1.0.2', '4.2.28']) : random.pick(['3.6.6', '3.6.24']),
    nameServiceCache: null,
    mta: files,
    managerMain: isManager ? MANAGER_MAIN : null,
    webHost,
    hasDatabase,
    hasRepository,
    datasource: files
      ? datasourceOf(layout)
      : isManager
        ? '/opt/msys/etc/installer/eccmgr.d/ecdb.conf'
        : null,
  };
}

function layUsers(draft: NodeDraft, system: System, random: Random): void {
  const { root: _, mail, ecuser, msyspg } = draft.uids;
  const own = random.shuffled([
    'bin:x:1:1:bin:/bin:/sbin/nologin',
    `mail:x:${mail}:${mail}:mail:/var/spool/mail:/sbin/nologin`,
    `ecuser:x:${ecuser}:${ecuser}:Momentum:/opt/msys/ecelerity:/bin/bash`,
    `msyspg:x:${msyspg}:${msyspg}:PostgreSQL of Momentum:/var/db/msyspg:/bin/bash`,
  ]);
  const root = `root:x:0:${system.family === 'solaris' ? '0:Super-User' : '0:root'}:${system.rootHome}:${system.rootShell}`;
  draft.file('/etc/passwd', `${[root, ...own].join('\n')}\n`);
  draft.file(
    '/etc/group',
    `root:x:0:\nbin:x:1:\nmail:x:${mail}:\necuser:x:${ecuser}:\nmsyspg:x:${msyspg}:\n`,
  );
}

/** What the MTA and a manager have in common. */
function layProduct(draft: NodeDraft, random: Random): void {
  draft.folder(mta.ETC, EC);
  for (const folder of ['', '/global', '/default']) draft.folder(`${mta.CONF}${folder}`, EC);
  draft.file(`${mta.CONF}/global/msgc_server.conf`, 'Msgc_Server {\n  Listen "*:4809"\n}\n', EC);
  draft.file('/opt/msys/3rdParty/etc/openldap/ldap.conf', service.LDAP_CONF);
  const store = { owner: 'root', group: 'ecuser', mode: 0o640 } as const;
  draft.file(mta.STORE_DB, `SQLite format 3\0${'\0'.repeat(84)}`, store);
  draft.file(mta.STORE_KEY, 'not a key of anything', store);
  // The documentation names two places; a site that has both keeps links.
  if (random.chance(0.5)) {
    draft.link(`${mta.ETC}/credentials.db`, mta.STORE_DB);
    draft.link(`${mta.ETC}/credentials.key`, mta.STORE_KEY);
  }
}

interface MtaRequest {
  readonly draft: NodeDraft;
  readonly random: Random;
  readonly layout: LayoutName;
  readonly host: string;
  readonly details: string[];
}

function datasourceOf(layout: LayoutName): string {
  return layout === 'platform 4.x'
    ? `${mta.CONF}/default/ecdb.conf`
    : '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
}

function layMta({ draft, random, layout, host, details }: MtaRequest): ConfigFiles {
  const isCluster = layout !== 'single node';
  const nodeName = isCluster ? random.pick(['east1', host.replace(/\..*/, '')]) : host.replace(/\..*/, '');
  const folder = random.chance(0.3) ? nodeName : 'default';
  const form = random.pick(['one file', 'by name', 'by path', 'a folder']);
  const home = `${mta.CONF}/${folder}`;
  const main = `${home}/ecelerity.conf`;
  details.push(`main file in conf/${folder}`, `configuration: ${form}`);
  if (folder !== 'default') draft.folder(home, EC);
  const own = (name: string) =>
    form === 'one file' ? main : `${form === 'a folder' ? `${home}/site.d` : home}/${name}.conf`;
  const files: ConfigFiles = {
    main,
    globals: own('10-globals'),
    listeners: own('20-listeners'),
    bindings: own('30-bindings'),
    store: own('40-store'),
  };
  const parts = {
    [files.globals]: mta.globals(random),
    [files.listeners]: mta.listeners(random),
    [files.bindings]: mta.bindings(random),
    [files.store]: mta.securecreds(random),
  };
  if (form === 'one file') draft.file(main, '', EC);
  const texts = form === 'one file' ? [] : Object.entries(parts);
  if (form === 'a folder') draft.folder(`${home}/site.d`, EC);
  for (const [path, text] of texts) draft.file(path, text, EC);
  const body =
    form === 'one file'
      ? [
          mta.globals(random),
          ...random.shuffled([mta.listeners(random), mta.bindings(random), mta.securecreds(random)]),
        ].join('\n')
      : includesOf(
          form,
          home,
          texts.map(([path]) => path),
        );
  const cluster = isCluster ? clusterPart(draft, random, home, nodeName) : '';
  const last = datasourceOf(layout);
  draft.file(
    last,
    mta.datasource(random),
    last.startsWith(mta.CONF) ? EC : { owner: 'root', group: 'ecuser', mode: 0o640 },
  );
  const end =
    layout === 'platform 4.x'
      ? 'include "ecdb.conf"\n'
      : 'readonly_include "/opt/msys/etc/installer/ecelerity.d"\n';
  const text = `# ecelerity.conf\n${body}\n${mta.security(random)}${mta.debugFlags(random)}${cluster}${end}`;
  const isDos = random.chance(0.2);
  if (isDos) details.push('CRLF');
  draft.file(main, isDos ? text.replaceAll('\n', '\r\n') : text, EC);
  if (folder !== 'default' || random.chance(0.3)) layMore(draft, random, folder);
  layMtaKeys(draft);
  return files;
}

function includesOf(form: string, home: string, paths: readonly string[]): string {
  if (form === 'a folder') return `include "${home}/site.d"\n`;
  return paths
    .map((path) => `include "${form === 'by name' ? path.slice(path.lastIndexOf('/') + 1) : path}"\n`)
    .join('');
}

/** Files that do not count, and one of late changes, which does. */
function layMore(draft: NodeDraft, random: Random, folder: string): void {
  if (folder !== 'default')
    draft.file(`${mta.CONF}/default/ecelerity.conf`, 'TLS = "ifavailable"\nTLS_Protocols = "+ALL"\n', EC);
  if (random.chance(0.5)) draft.file(`${mta.ETC}/local_changes.conf`, '# changed on the console\n', EC);
  if (random.chance(0.5))
    draft.file(`${mta.ETC}/environment`, '# of ec_ctl\nTRY=10\nexport TRY\nECELERITY_MEMORY=4096\n');
}

function clusterPart(draft: NodeDraft, random: Random, home: string, nodeName: string): string {
  const boot = random.shuffled([
    `node_name${random.pick(['=', ' = '])}${nodeName}`,
    'cluster_name = site',
    'autoupdate=true',
    'reload_config_on_update=true',
    'repo = https://manager.example.com:2027/config/default/boot',
  ]);
  draft.file(`${mta.ETC}/cluster.boot`, `# joins the cluster\n${boot.join('\n')}\n`);
  draft.file(
    `${home}/ecelerity-cluster.conf`,
    'ECCluster_Listener {\n  Listen "*:4802" {\n  }\n}\ncluster {\n  cluster_group = "ec_cluster"\n}\n',
    EC,
  );
  if (!draft.has(MANAGER_MAIN))
    draft.file(MANAGER_MAIN, '# of the manager\nTLS_Protocols = "+ALL"\nTLS = "ifavailable"\n', EC);
  return 'include "ecelerity-cluster.conf"\n';
}

function layMtaKeys(draft: NodeDraft): void {
  const pair = inTime();
  draft.file(mta.MTA_KEY, pair.keyPem, { owner: 'ecuser', mode: 0o600 });
  draft.file(mta.MTA_CERTIFICATE, pair.certificatePem, EC);
  draft.file(`${mta.CERTS}/ca.pem`, pair.certificatePem);
  draft.file(mta.DH_FILE, dhParameters(2048));
}

function layManager(draft: NodeDraft, random: Random): void {
  draft.file(MANAGER_MAIN, mta.managerConf(random), EC);
  draft.file(`${mta.CONF}/default/webui-common.conf`, mta.webuiCommon(), EC);
  // The file of those that send: every node of the cluster holds it.
  draft.file(`${mta.CONF}/default/ecelerity.conf`, 'TLS = "ifavailable"\nTLS_Protocols = "+ALL"\n', EC);
  draft.file('/opt/msys/etc/installer/eccmgr.d/ecdb.conf', mta.datasource(random), {
    owner: 'root',
    group: 'ecuser',
    mode: 0o640,
  });
}

function layDatabase(draft: NodeDraft, random: Random, details: string[]): void {
  const own = { owner: 'msyspg', mode: 0o600 } as const;
  const version = random.pick(['8.3', '9.0', '9.6', '15']);
  details.push(`PostgreSQL ${version}`);
  draft.folder(service.PG_DATA, { owner: 'msyspg', mode: 0o700 });
  draft.file(`${service.PG_DATA}/PG_VERSION`, `${version}\n`, own);
  draft.file(`${service.PG_DATA}/postgresql.conf`, service.postgresqlConf(random), own);
  draft.file(`${service.PG_DATA}/pg_hba.conf`, service.hbaConf(random), own);
  const pair = inTime();
  draft.file(`${service.PG_DATA}/server.key`, pair.keyPem, own);
  draft.file(`${service.PG_DATA}/server.crt`, pair.certificatePem, { owner: 'msyspg' });
}

function layRepository(draft: NodeDraft, random: Random, host: string): void {
  draft.file(service.REPO_CONF, service.repoApache(random, host), EC);
  draft.folder('/var/ecconfigd/repo', { owner: 'ecuser', mode: 0o750 });
  draft.folder(service.REPO_PAIR, { owner: 'ecuser', mode: 0o750 });
  layPair(draft, service.REPO_PAIR);
}

function layWeb(draft: NodeDraft, random: Random, host: string, details: string[]): string {
  const { files, hostFile } = service.webApache(random, host);
  details.push(`web host in ${hostFile}`);
  for (const [path, text] of Object.entries(files)) draft.file(path, text, EC);
  layPair(draft, service.WEB_SITE);
  return hostFile;
}

function layPair(draft: NodeDraft, folder: string): void {
  const pair = inTime();
  draft.file(`${folder}/server.key`, pair.keyPem, { owner: 'ecuser', mode: 0o600 });
  draft.file(`${folder}/server.crt`, pair.certificatePem, EC);
}

function layStarts(draft: NodeDraft, system: System, daemons: readonly string[], random: Random): void {
  for (const name of daemons) {
    draft.file(`/etc/init.d/${name}`, service.initScript(name, system.family === 'rhel'), { mode: 0o755 });
    if (system.hasUnits && random.chance(0.5))
      draft.file(`/etc/systemd/system/${name}.service`, service.unitFile(name));
  }
  if (system.family === 'solaris') {
    if (daemons.some((name) => name !== 'msyspg'))
      draft.append('/var/spool/cron/crontabs/root', '* * * * * /opt/msys/ecelerity/bin/eccfg pull --auto\n');
  } else if (daemons.some((name) => name !== 'msyspg')) draft.file(service.CRON_FILE, service.CRON);
}
