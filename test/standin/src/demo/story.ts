import { X509Certificate } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { connect } from 'node:tls';
import { ECDB_CONF, UNREADABLE_CONF } from '../lay/places.js';
import { replaceOnce } from '../lay/text-edit.js';
import { SERVICE_PASSWORD } from '../lay/texts/ecelerity-conf.js';
import { ECCONFIGD_PAIR, ECWEBUI_PAIR } from '../lay/texts/services.js';
import { ROOT_BASHRC } from '../lay/texts/system.js';
import { ADMIN_PASSWORD } from '../running/repository-users.js';
import { runIn } from '../running/start-node.js';
import { misfits } from './expected.js';
import type { DemoNode, Fleet } from './fleet.js';
import type { Narrator } from './narrator.js';
import { OPEN, Operator } from './operator.js';
import { sealFor } from './seal.js';
import { until } from './wait.js';

const LOOK_MS = 60_000;
const PAGE_MS = 20_000;
/** The promise: a file changes, and within a second on-call has a page. A busy machine gets three chances. */
const PROMISED_PAGE_MS = 1000;
const BREAKS_MAX = 3;

/** Plays the whole way by itself: what is seen, told, planned, approved, done, verified and over. */
export class Story {
  readonly #operator: Operator;

  constructor(
    private readonly fleet: Fleet,
    private readonly narrator: Narrator,
  ) {
    this.#operator = new Operator(fleet, narrator);
  }

  get #mta1(): DemoNode {
    const [node] = this.fleet.nodes;
    if (!node) throw new Error('no node was laid');
    return node;
  }

  /** True only when every step was seen to happen. */
  async play(): Promise<boolean> {
    const node = this.#mta1;
    await this.#step('both nodes report', () => this.#connected());
    for (const one of this.fleet.nodes)
      await this.#step(
        `${one.name}: each of ${one.faults.length} planted faults is a finding, and nothing else is`,
        () => this.#namesItsFaults(one),
      );
    await this.#step('on-call has a signed page for every finding', () => this.#paged());
    await this.#mend(node, 'certificate-renew', { service: 'ecconfigd' }, () => servesNewCertificate(node));
    await this.#mend(node, 'permissions-repair', {}, () => isMode(node, UNREADABLE_CONF, 0o777, 0o640));
    await this.#mend(node, 'key-permissions', {}, () => isMode(node, `${ECWEBUI_PAIR}.key`, 0o007, 0));
    await this.#mend(node, 'tls-protocols', {}, () => evaluates(node, 'tls_protocols', '-SSLv3'));
    const jwk = await this.#operator.nodeRow(node.name);
    await this.#mend(node, 'securecreds-enable', { password: await sealFor(jwk, SERVICE_PASSWORD) }, () =>
      isWithoutPassword(node),
    );
    await this.#step('the service password stands in no file of server and agents', () => this.#noLeak());
    await this.#step('what was changed is committed: Committed revision', () => commits(node));
    await this.#step(
      "a person writes umask 0022 into root's .bashrc, and the finding resolves by a fresh scan",
      () => this.#umask(node),
    );
    await this.#step('a private key becomes readable by everybody: on-call has a page within a second', () =>
      this.#freshBreak(node),
    );
    await this.#mend(node, 'key-permissions', {}, () => isMode(node, `${ECWEBUI_PAIR}.key`, 0o007, 0));
    await this.#step(`${node.name}: nothing is open any more`, () => this.#nothingOpen(node));
    await this.#step('the audit of the server is whole', () => this.#operator.auditIsWhole());
    return this.narrator.failures.length === 0;
  }

  async #step(text: string, happen: () => Promise<unknown>): Promise<void> {
    const startedMs = performance.now();
    try {
      const detail = await happen();
      this.narrator.done(
        typeof detail === 'string' ? `${text}: ${detail}` : text,
        performance.now() - startedMs,
      );
    } catch (error) {
      this.narrator.failed(`${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Plan, read, approve, carried out, verified; then the world is inspected without Castellan; then it is resolved and told. */
  async #mend(
    node: DemoNode,
    remediation: string,
    params: Readonly<Record<string, string>>,
    look: () => Promise<string>,
  ): Promise<void> {
    const before = await this.#operator.findings(node.name, remediation);
    const concerned = before.filter(
      (finding) => remediation !== 'certificate-renew' || finding.control === 'MOM-CRT-006',
    );
    this.narrator.step(
      `${remediation} on ${node.name}, for ${concerned.map(({ control }) => control).join(', ') || 'nothing'}`,
    );
    let runId = '';
    await this.#step('  plan asked for, read and approved', async () => {
      if (concerned.length === 0) throw new Error('no open finding asks for it');
      runId = await this.#operator.planAndApprove(node.name, remediation, params);
    });
    if (runId === '') return;
    await this.#step('  carried out and verified by the node', () => this.#operator.runIsDone(runId));
    await this.#step('  seen from outside', look);
    await this.#step(
      `  resolved by a fresh pass, and on-call is told (${concerned.map(({ control }) => control).join(', ')})`,
      () => this.#operator.resolved(concerned),
    );
  }

  async #connected(): Promise<void> {
    for (const { name } of this.fleet.nodes)
      await until(`${name} is connected`, LOOK_MS, async () =>
        (await this.#operator.nodeRow(name)).connected ? true : null,
      );
  }

  async #namesItsFaults(node: DemoNode): Promise<string> {
    let last: string[] = ['no findings yet'];
    const found = await until('findings as planted', LOOK_MS, async () => {
      const findings = await this.#operator.findings(node.name);
      last = misfits(node.faults, findings);
      return last.length === 0 ? findings : null;
    }).catch(() => {
      throw new Error(last.join('; '));
    });
    return [...new Set(found.map(({ control }) => control))].sort().join(', ');
  }

  async #paged(): Promise<string> {
    const open = (
      await Promise.all(this.fleet.nodes.map(({ name }) => this.#operator.findings(name)))
    ).flat();
    await until('a page that names each', PAGE_MS, () =>
      open.every(({ id }) => this.#operator.pageOf(id, 'alert.firing') !== null) ? true : null,
    );
    if (this.fleet.receiver.rejected > 0)
      throw new Error(`${this.fleet.receiver.rejected} pages had a wrong signature`);
    const pages = this.fleet.receiver.pages.filter(({ type }) => type === 'alert.firing');
    return `${open.length} findings, ${pages.length} pages`;
  }

  async #umask(node: DemoNode): Promise<void> {
    const findings = (await this.#operator.findings(node.name)).filter(
      ({ control }) => control === 'MOM-PERM-001',
    );
    if (findings.length === 0) throw new Error('there is no finding to resolve');
    replaceOnce(join(node.dir, ROOT_BASHRC), 'umask 0027', 'umask 0022');
    await this.#operator.resolved(findings);
  }

  async #freshBreak(node: DemoNode): Promise<string> {
    const key = join(node.dir, `${ECWEBUI_PAIR}.key`);
    const mode = statSync(key).mode & 0o777;
    const times: number[] = [];
    while (times.length < BREAKS_MAX) {
      const brokenMs = performance.now();
      chmodSync(key, 0o644);
      const page = await until('a page', PAGE_MS, () =>
        this.#operator.pageAfter(node.name, 'MOM-CRT-009', brokenMs),
      );
      times.push(page.arrivedMs - brokenMs);
      if (page.arrivedMs - brokenMs <= PROMISED_PAGE_MS)
        return `${Math.round(page.arrivedMs - brokenMs)} ms from chmod to page`;
      if (times.length === BREAKS_MAX) break;
      chmodSync(key, mode);
      await this.#operator.resolved(
        (await this.#operator.findings(node.name)).filter(({ control }) => control === 'MOM-CRT-009'),
      );
    }
    throw new Error(`pages came after ${times.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  }

  async #nothingOpen(node: DemoNode): Promise<void> {
    const open = await this.#operator.findings(node.name);
    if (open.length > 0)
      throw new Error(`${OPEN}: ${open.map(({ control, summary }) => `${control} ${summary}`).join('; ')}`);
  }

  /** Looks through everything that server and agents wrote. */
  async #noLeak(): Promise<void> {
    const own = readdirSync(this.fleet.dir).filter(
      (name) => !this.fleet.nodes.some((node) => node.name === name),
    );
    const leaks = own
      .flatMap((name) => filesBelow(join(this.fleet.dir, name)))
      .filter((file) => readFileSync(file).includes(SERVICE_PASSWORD));
    if (leaks.length > 0) throw new Error(leaks.join(', '));
  }
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() || entry.isFile() ? filesBelow(join(path, entry.name)) : [],
  );
}

async function servesNewCertificate(node: DemoNode): Promise<string> {
  const onDisk = new X509Certificate(readFileSync(join(node.dir, `${ECCONFIGD_PAIR}.crt`)));
  const served = await handshake(node.settings.ports.ecconfigd);
  if (served.fingerprint256 !== onDisk.fingerprint256)
    throw new Error('ecconfigd serves another certificate than the file');
  if (new Date(served.validTo).getTime() < Date.now())
    throw new Error(`the served certificate ended on ${served.validTo}`);
  return `ecconfigd serves a certificate that is valid until ${new Date(served.validTo).toISOString().slice(0, 10)}`;
}

function handshake(port: number): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, timeout: PAGE_MS }, () => {
      const served = socket.getPeerX509Certificate();
      socket.destroy();
      if (served) resolve(served);
      else reject(new Error('no certificate was served'));
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no handshake')));
  });
}

async function isMode(node: DemoNode, path: string, mask: number, wanted: number): Promise<string> {
  const mode = statSync(join(node.dir, path)).mode & 0o777;
  if ((mode & mask) !== wanted) throw new Error(`${path} has mode 0${mode.toString(8)}`);
  return `${path} has mode 0${mode.toString(8)}`;
}

async function evaluates(node: DemoNode, option: string, wanted: string): Promise<string> {
  const { output } = await runIn(node.dir, '/opt/msys/ecelerity/bin/ec_console', [
    '/tmp/2025',
    'config',
    'eval',
    option,
  ]);
  if (!output.includes(wanted)) throw new Error(`ec_console says ${output.trim()}`);
  return output.trim();
}

async function isWithoutPassword(node: DemoNode): Promise<string> {
  if (readFileSync(join(node.dir, ECDB_CONF), 'utf8').includes('password='))
    throw new Error(`${ECDB_CONF} still holds a password`);
  const { output } = await runIn(node.dir, '/opt/msys/ecelerity/bin/ec_console', [
    '/tmp/2025',
    'module',
    'list',
  ]);
  if (!output.includes('Module: securecreds'))
    throw new Error('the running configuration has no securecreds module');
  return 'ecdb.conf holds no password, module list names securecreds';
}

async function commits(node: DemoNode): Promise<string> {
  const { code, output } = await runIn(node.dir, '/opt/msys/ecelerity/bin/eccfg', [
    'commit',
    '--add-all',
    '--username',
    'admin',
    '--password',
    ADMIN_PASSWORD,
    '-m',
    'castellan: TLS and credentials',
  ]);
  const revision = /Committed revision (\d+)/.exec(output)?.[1];
  if (code !== 0 || revision === undefined) throw new Error(output.trim());
  return revision;
}
