import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { ECDB_CONF } from '../lay/places.js';
import { ECCONFIGD_PAIR } from '../lay/texts/services.js';
import { ADMIN_PASSWORD } from '../running/repository-users.js';
import { runIn } from '../running/start-node.js';
import type { DemoNode } from './fleet.js';

/** What is seen of a node without Castellan: each answers with what it saw, or throws what is not as it should be. */
export type Look = (node: DemoNode) => Promise<string>;

const HANDSHAKE_MS = 20_000;
const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';

export async function servesNewCertificate(node: DemoNode): Promise<string> {
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
    const target = { host: '127.0.0.1', port, rejectUnauthorized: false, timeout: HANDSHAKE_MS };
    const socket = connect(target, () => {
      const served = socket.getPeerX509Certificate();
      socket.destroy();
      if (served) resolve(served);
      else reject(new Error('no certificate was served'));
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no handshake')));
  });
}

export function isMode(path: string, mask: number, wanted: number): Look {
  return async ({ dir }) => {
    const mode = statSync(join(dir, path)).mode & 0o777;
    if ((mode & mask) !== wanted) throw new Error(`${path} has mode 0${mode.toString(8)}`);
    return `${path} has mode 0${mode.toString(8)}`;
  };
}

/** The running Momentum says so of an option: `scope` as `config eval` takes it. */
export function evaluates(scope: readonly string[], option: string, wanted: RegExp): Look {
  return async ({ dir }) => {
    const { output } = await runIn(dir, CONSOLE, ['/tmp/2025', 'config', 'eval', ...scope, option]);
    if (!wanted.test(output)) throw new Error(`ec_console says ${output.trim()}`);
    return output.trim();
  };
}

/** A file of the node has a line like this. */
export function says(path: string, line: RegExp): Look {
  return async ({ dir }) => {
    const found = line.exec(readFileSync(join(dir, path), 'utf8'));
    if (!found) throw new Error(`${path} has no line like ${line.source}`);
    return `${path} has ${found[0].trim()}`;
  };
}

export function both(...looks: readonly Look[]): Look {
  return async (node) => (await Promise.all(looks.map((look) => look(node)))).join('; ');
}

export async function isWithoutPassword({ dir }: DemoNode): Promise<string> {
  if (readFileSync(join(dir, ECDB_CONF), 'utf8').includes('password='))
    throw new Error(`${ECDB_CONF} still holds a password`);
  const { output } = await runIn(dir, CONSOLE, ['/tmp/2025', 'module', 'list']);
  if (!output.includes('Module: securecreds'))
    throw new Error('the running configuration has no securecreds module');
  return 'ecdb.conf holds no password, module list names securecreds';
}

/** Commits all that is on the disk as a person would. Answers with the revision. */
export async function commits({ dir }: DemoNode, message: string): Promise<string> {
  const words = ['--add-all', '--username', 'admin', '--password', ADMIN_PASSWORD, '-m', message];
  const { code, output } = await runIn(dir, '/opt/msys/ecelerity/bin/eccfg', ['commit', ...words]);
  const revision = /Committed revision (\d+)/.exec(output)?.[1];
  if (code !== 0 || revision === undefined) throw new Error(output.trim());
  return revision;
}

export async function reloads({ dir }: DemoNode): Promise<void> {
  const { output } = await runIn(dir, CONSOLE, ['/tmp/2025', 'config', 'reload']);
  if (output.includes('Reconfigure failed')) throw new Error(output.trim());
}
