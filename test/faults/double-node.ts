import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { selfSigned } from '../../packages/agent/src/knowledge/certificates/self-signed.js';
import type { ExecRequest, ExecResult } from '../../packages/agent/src/ports/exec.js';
import type { ProbeResult } from '../../packages/agent/src/ports/net.js';

export const PASSWORD = 'planted-canary-7QX';
export const CONF = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
export const UNREADABLE = '/opt/msys/ecelerity/etc/conf/default/unreadable.conf';
export const ECDB = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
export const APACHE = '/var/ecconfigd/apache';
export const STORE = '/opt/msys/etc/credentials';

const isRoot = process.getuid?.() === 0;
/** Where tests are not run by root, everybody of the node is the one user there is. */
export const ECUSER = isRoot ? 7100 : (process.getuid?.() ?? 0);
const ROOT = isRoot ? 0 : ECUSER;
const DAY_MS = 86_400_000;

const CONFIG = `TLS = "ifavailable"
Binding "bulk" {
  TLS_Protocols = "+ALL"
}
readonly_include "/opt/msys/etc/installer/ecelerity.d"
`;

/** What a node has besides, or in place of what every node has. */
export interface NodeFile {
  readonly path: string;
  readonly content: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode: number;
}

let expired: Promise<{ readonly keyPem: string; readonly certificatePem: string }> | null = null;

export const REPOSITORY = '13f79535-47bb-0310-9956-ffa450edef68';

/**
 * A tree on the disk, and a Momentum that is played in this process: small enough to be laid hundreds of times. Its
 * words are those of the manual (validate_config, console_commands.config, executable.credmgr, executable.eccfg).
 */
export class DoubleNode {
  readonly root = mkdtempSync(join(tmpdir(), 'castellan-double-'));
  readonly state = mkdtempSync(join(tmpdir(), 'castellan-double-state-'));
  /** Fingerprint of what ecconfigd shows; null: it does not run. */
  shown: string | null = null;
  isMtaDown = false;
  /** The configuration that the MTA runs with. */
  running = '';
  /** What ecconfigd does when it is told to reload: reads its pair, goes on with the old one, or has no such word. */
  reloading: 'reads' | 'deaf' | 'unknown' = 'reads';
  /** Words that its init script was called with. */
  readonly told: string[] = [];
  /** What the repository holds of the main file; null: the configuration is not under version control. */
  committed: string | null = null;
  readonly commits: string[] = [];

  /** `isVersioned`: with a repository that the node has stored credentials for. */
  static async lay(isVersioned = false, more: readonly NodeFile[] = []): Promise<DoubleNode> {
    expired ??= selfSigned({
      commonName: 'mta1.example.com',
      altNames: ['DNS:mta1.example.com'],
      nowMs: Date.now() - 20 * DAY_MS,
      days: 10,
    });
    const pair = await expired;
    const node = new DoubleNode();
    node.#put(
      '/etc/passwd',
      `root:x:${ROOT}:${ROOT}:root:/root:/bin/sh\necuser:x:${ECUSER}:${ECUSER}::/:/bin/false\n`,
      { mode: 0o644 },
    );
    node.#put('/etc/group', `root:x:${ROOT}:\necuser:x:${ECUSER}:\n`, { mode: 0o644 });
    node.#put(CONF, CONFIG, { uid: ECUSER, mode: 0o644 });
    node.#put(UNREADABLE, 'Debug_Level = "low"\n', { mode: isRoot ? 0o640 : 0o200 });
    node.#put(
      ECDB,
      `Datasource "ecdb" {\n  uri = ( "pgsql:host=db1.example.com;user=ecuser;password=${PASSWORD};" )\n}\n`,
      { gid: ECUSER, mode: 0o640 },
    );
    node.#put(`${APACHE}/server.key`, pair.keyPem, { uid: ECUSER, gid: ECUSER, mode: 0o600 });
    node.#put(`${APACHE}/server.crt`, pair.certificatePem, { uid: ECUSER, gid: ECUSER, mode: 0o644 });
    for (const { path, content, ...access } of more) node.#put(path, content, access);
    if (isVersioned) node.#keepUnderVersion();
    node.#restart();
    node.running = node.#configText();
    return node;
  }

  remove(): void {
    for (const folder of [this.root, this.state]) rmSync(folder, { recursive: true });
  }

  run({ program, argv }: ExecRequest): ExecResult {
    if (argv[0] === 'status' && program.startsWith('/etc/init.d/')) return this.#status(program);
    if (program === '/etc/init.d/ecconfigd') return this.#initScript(argv[0] ?? '');
    if (program === '/usr/bin/systemctl') return said('');
    if (program.endsWith('/validate_config')) return said(this.#isValid() ? 'Configuration valid\n' : '');
    if (program.endsWith('/ec_console')) return this.#console(argv);
    if (program.endsWith('/credmgr')) return this.#credmgr(argv);
    if (program.endsWith('/eccfg')) return this.#eccfg(argv);
    if (program.endsWith('/svn') && this.committed !== null) return this.#svnInfo();
    return { kind: 'unstarted', problem: 'missing', detail: program };
  }

  probe(): ProbeResult {
    return this.shown === null
      ? { kind: 'closed', detail: 'refused' }
      : { kind: 'served', fingerprint: this.shown, leafDer: Buffer.alloc(0), protocol: 'TLSv1.2' };
  }

  /** Whether what runs, and what is committed, is what stands on the disk, and the key is of its certificate. */
  isCoherent(): boolean {
    return (
      this.shown !== null &&
      this.shown === this.#fingerprintOnDisk() &&
      this.running === this.#configText() &&
      (this.committed === null || this.committed === this.text(CONF))
    );
  }

  /** Every path below the root: owner, mode and content. */
  snapshot(folder = this.root): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    const walk = (path: string): void => {
      for (const name of readdirSync(path).sort()) {
        const child = join(path, name);
        const { uid, gid, mode } = lstatSync(child);
        const isFolder = lstatSync(child).isDirectory();
        found[child.slice(folder.length)] =
          `${uid}:${gid} ${mode.toString(8)} ${isFolder ? '' : readFileSync(child, 'latin1')}`;
        if (isFolder) walk(child);
      }
    };
    walk(folder);
    return found;
  }

  text(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  #put(
    path: string,
    content: string,
    access: { readonly uid?: number; readonly gid?: number; readonly mode: number },
  ): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(this.root, path), content);
    if (isRoot) chownSync(join(this.root, path), access.uid ?? ROOT, access.gid ?? access.uid ?? ROOT);
    chmodSync(join(this.root, path), access.mode);
    // ecuser owns the configuration's folders; the installer's are root's.
    if (isRoot && path.startsWith('/opt/msys/ecelerity/etc/conf/'))
      chownSync(dirname(join(this.root, path)), ECUSER, ECUSER);
  }

  #initScript(word: string): ExecResult {
    this.told.push(word);
    if (word === 'graceful' && this.reloading === 'unknown') return failed(3);
    if (word === 'graceful' && this.reloading === 'deaf') return said('');
    return this.#restart() ? said('') : failed(1);
  }

  #status(program: string): ExecResult {
    const isUp = program.endsWith('/ecconfigd') ? this.shown !== null : !this.isMtaDown;
    return isUp ? said('running\n') : failed(3);
  }

  #keepUnderVersion(): void {
    this.#put('/opt/msys/ecelerity/etc/conf/.svn/format', '12\n', { uid: ECUSER, mode: 0o644 });
    this.#put(CONF, `${CONFIG}securecreds {}\n`, { uid: ECUSER, mode: 0o644 });
    this.#keep(`${STORE}.db`, 'SQLite format 3\0');
    this.#keep(`${STORE}.key`, 'k'.repeat(32));
    this.#credmgr([
      'set_cred',
      '-d',
      `${STORE}.db`,
      '-k',
      `${STORE}.key`,
      '-u',
      'ecuser',
      '-h',
      'ecconfigd',
      '-f',
      'eccfg',
      '-p',
      PASSWORD,
    ]);
    this.committed = this.text(CONF);
  }

  #eccfg(argv: readonly string[]): ExecResult {
    if (this.committed === null) return said('');
    const isEdited = this.committed !== this.text(CONF);
    if (argv[0] === 'status') return said(isEdited ? 'M       default/ecelerity.conf\n' : '');
    if (argv[0] === 'pull') return said('At revision 1.\n');
    if (argv[0] !== 'commit') return failed(1);
    if (!isEdited) return said('Nothing to commit\n');
    this.committed = this.text(CONF);
    this.commits.push(argv[argv.indexOf('-m') + 1] ?? '');
    return said(`Transmitting file data.\nCommitted revision ${this.commits.length + 1}.\n`);
  }

  #svnInfo(): ExecResult {
    const root = 'https://manager.example.com:2027/config/default';
    const lines = [`URL: ${root}/boot/default`, `Repository Root: ${root}`, `Repository UUID: ${REPOSITORY}`];
    return said(`${lines.join('\n')}\nRevision: ${this.commits.length + 1}\n`);
  }

  #configText(): string {
    return this.text(CONF) + this.text(ECDB);
  }

  #isValid(): boolean {
    const text = this.#configText();
    return text.split('{').length === text.split('}').length;
  }

  #console(argv: readonly string[]): ExecResult {
    const command = argv.slice(1).join(' ');
    if (this.isMtaDown) return failed(1);
    if (command === 'version') return said('# ecelerity version: 3.6.6.42103 r(42103)\n');
    if (command === 'config reload') {
      if (!this.#isValid()) return said('Reconfigure failed\n');
      this.running = this.#configText();
      return said('Reconfigure complete\n');
    }
    if (!command.startsWith('config eval')) return failed(1);
    const inBinding = command.includes('bulk');
    const value = [...this.running.matchAll(/^( *)TLS_Protocols = "([^"]*)"/gm)].find(
      ([, indent]) => (indent !== '') === inBinding,
    )?.[2];
    return said(`tls_protocols = "${value ?? '+ALL'}"\n`);
  }

  /** A daemon that reads a key which is not of its certificate does not come up. */
  #restart(): boolean {
    this.shown = this.#fingerprintOnDisk();
    return this.shown !== null;
  }

  #fingerprintOnDisk(): string | null {
    const certificate = new X509Certificate(this.text(`${APACHE}/server.crt`));
    if (!certificate.checkPrivateKey(createPrivateKey(this.text(`${APACHE}/server.key`)))) return null;
    return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  }

  #credmgr(argv: readonly string[]): ExecResult {
    const option = (name: string): string => argv[argv.indexOf(name) + 1] ?? '';
    const [database, key] = [option('-d'), option('-k')];
    const head = 'SQLite format 3\0';
    if (argv[0] === 'create_db') this.#keep(database, head);
    else if (argv[0] === 'create_key') this.#keep(key, 'k'.repeat(32));
    else if (!existsSync(join(this.root, database)) || !existsSync(join(this.root, key))) return failed(1);
    else if (argv[0] === 'set_cred') {
      const sealed = createHash('sha256').update(option('-p')).digest('hex');
      this.#keep(
        database,
        `${this.text(database)}\n${option('-u')} ${option('-h')} ${option('-f')} ${sealed}`,
      );
    } else
      return said(
        `${this.text(database)
          .slice(head.length)
          .replaceAll(/ [0-9a-f]{64}/g, '')}\n`,
      );
    return said('');
  }

  #keep(path: string, content: string): void {
    this.#put(path, content, { gid: ECUSER, mode: 0o640 });
  }
}

function said(stdout: string): ExecResult {
  return { kind: 'exited', code: 0, stdout, stderr: '' };
}

function failed(code: number): ExecResult {
  return { kind: 'exited', code, stdout: '', stderr: '' };
}
