import { existsSync, readdirSync } from 'node:fs';
import { CONF, REPOSITORY } from '../../lay/places.js';
import { userOf, whatBars } from '../access.js';
import { ecconfigdEndpoint } from '../service-settings.js';
import type { StandinNode } from '../standin-node.js';
import { type Finished, runToEnd } from './run-to-end.js';

/** Manual, conf.ecconfigd: the repository of a subcluster, and the folder in it that conf is checked out of. */
const SUBCLUSTER = `${REPOSITORY}/default`;
const FOLDERS = ['default', 'global'];
/** Manual, executable.create_ssl_cert: --trust-server-cert takes a self-signed certificate and not an expired one. */
const TRUST = 'unknown-ca,cn-mismatch';

export interface SvnOptions {
  readonly trust?: string;
  readonly stdin?: string;
  readonly cwd?: string;
}

/** eccfg always runs svn as ecuser (Manual, executable.eccfg). */
export function svn(
  node: StandinNode,
  args: readonly string[],
  { trust = TRUST, stdin = '', cwd = '/' }: SvnOptions = {},
): Promise<Finished> {
  const always = [
    '--non-interactive',
    '--no-auth-cache',
    '--config-dir',
    node.tree.at('/opt/msys/ecelerity/etc/.eccfg'),
    '--trust-server-cert-failures',
    trust,
  ];
  return runToEnd('/usr/bin/svn', [...args, ...always], { as: node.tree.principals.ids.ecuser, stdin, cwd });
}

export function serverUrl(node: StandinNode): string {
  const { host, port } = ecconfigdEndpoint(node);
  return `https://${host}:${port}/config/default/boot`;
}

function fileUrl(node: StandinNode): string {
  return `file://${node.tree.at(SUBCLUSTER)}/boot`;
}

/** Repository and working copy of a node that was just laid. The server is not up yet: the files are taken directly. */
export async function layRepository(node: StandinNode): Promise<void> {
  const as = node.tree.principals.ids.ecuser;
  node.tree.folder('/opt/msys/ecelerity/etc/.eccfg', { owner: 'ecuser', mode: 0o700 });
  must(await runToEnd('/usr/bin/svnadmin', ['create', node.tree.at(SUBCLUSTER)], { as }));
  must(await svn(node, ['mkdir', '-q', '-m', 'The place of the configuration', fileUrl(node)]));
  must(await svn(node, ['checkout', '-q', fileUrl(node), node.tree.at(CONF)]));
  // conf/global is a subcluster of its own that every node has, also while nothing is in it.
  for (const path of [...FOLDERS, ...readableFiles(node)])
    must(await svn(node, ['add', '-q', '--depth', 'empty', path], { cwd: node.tree.at(CONF) }));
  must(await svn(node, ['commit', '-q', '-m', 'The first configuration', '.'], { cwd: node.tree.at(CONF) }));
  must(await svn(node, ['update', '-q', '.'], { cwd: node.tree.at(CONF) }));
}

/** What ecuser can read of conf: the rest cannot be committed, as on a real node. */
function readableFiles(node: StandinNode): string[] {
  const ecuser = userOf(node.root, 'ecuser');
  return FOLDERS.flatMap((folder) =>
    readdirSync(node.tree.at(`${CONF}/${folder}`)).map((name) => `${folder}/${name}`),
  ).filter((path) => whatBars(node.root, ecuser, `${CONF}/${path}`) === null);
}

/** Once ecconfigd is up for the first time, the working copy is told to ask it. An expired certificate is no reason not to. */
export async function moveToServer(node: StandinNode): Promise<void> {
  if (!existsSync(node.tree.at(`${CONF}/.svn`))) return;
  const { stdout } = await svn(node, ['info', '--show-item', 'url', node.tree.at(CONF)]);
  if (stdout.trim() === fileUrl(node))
    must(
      await svn(node, ['relocate', serverUrl(node), node.tree.at(CONF)], {
        trust: `${TRUST},expired,not-yet-valid`,
      }),
    );
}

export function must(finished: Finished): Finished {
  if (finished.code !== 0) throw new Error(finished.output);
  return finished;
}
