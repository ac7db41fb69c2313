import type { Role } from '@castellan/shared/model/node';
import type { Doubt } from '../../facts/parts/doubt.js';
import type { FileReader } from '../../ports/files.js';
import { clusterBoot, environmentFile, type Setting } from './settings-files.js';

const ETC = '/opt/msys/ecelerity/etc';
const CLUSTER_BOOT = `${ETC}/cluster.boot`;
const ENVIRONMENT = `${ETC}/environment`;
/** Manual, conf.ecconfigd. */
const SEARCH_PATH = [ETC, `${ETC}/conf/global`, `${ETC}/conf/{NODENAME}`, `${ETC}/conf/default`];
const INSTANCES_MAX = 16;
const MTA_ROLES: readonly Role[] = ['mta', 'singlenode', 'platform'];

export interface MainFile {
  readonly kind: 'mta' | 'manager';
  readonly instance: string;
  readonly path: string;
}

export interface MainFiles {
  /** The node's name in its cluster. */
  readonly nodeName: string;
  readonly searchPath: readonly string[];
  readonly mains: readonly MainFile[];
  /** Why other files may be the ones that are loaded. */
  readonly doubts: readonly Doubt[];
}

/**
 * Which files Momentum begins with on this node, found as its own start does: the environment file may name the file and
 * the search path, cluster.boot the node; the host's name, up to the first dot, is the last resort (Manual, cluster.boot,
 * conf.ecelerity.conf). ecelerity.conf is the MTA's, eccluster.conf the cluster manager's: each node of a cluster holds
 * both, and loads its own (Manual, cluster.config.management).
 */
export function mainFiles(files: FileReader, hostName: string, roles: readonly Role[]): MainFiles {
  const boot = clusterBoot(files, CLUSTER_BOOT);
  const environment = environmentFile(files, ENVIRONMENT);
  const doubts: Doubt[] = [];
  const told = (setting: Setting): string | null => {
    if (setting.kind === 'unclear') doubts.push({ kind: 'incomplete', reason: setting.why });
    return setting.kind === 'set' && setting.value !== '' ? setting.value : null;
  };
  const nodeName =
    told(environment.get('EC_NODE_NAME')) ?? told(boot.get('node_name')) ?? hostName.replace(/\..*/, '');
  const named = told(environment.get('EC_CONF_SEARCH_PATH'));
  const searchPath = (named?.split(':').filter((folder) => folder.startsWith('/')) ?? SEARCH_PATH).map(
    (folder) => folder.replaceAll('{NODENAME}', nodeName),
  );
  const find = (name: string): string | null =>
    name.startsWith('/') ? name : (searchPath.map((folder) => `${folder}/${name}`).find(exists) ?? null);
  const mains: MainFile[] = [];
  const add = (kind: MainFile['kind'], path: string | null): void => {
    const instance = path?.slice(path.lastIndexOf('/') + 1).replace(/\.conf$/, '') ?? '';
    if (path !== null && !mains.some((main) => main.path === path)) mains.push({ kind, instance, path });
  };
  const { isMta, isManager } = partsOf(roles);
  if (isMta) add('mta', find(told(environment.get('CONFFILE')) ?? 'ecelerity.conf'));
  if (isMta) for (const path of furtherInstances()) add('mta', path);
  if (isManager) add('manager', find('eccluster.conf'));
  return { nodeName, searchPath, mains, doubts };

  function exists(path: string): boolean {
    const stat = files.stat(path);
    return stat.ok || stat.problem !== 'missing';
  }

  /** Manual, faq: a second instance has a file of its own beside the first one's, `ecelerity1.conf`. */
  function furtherInstances(): string[] {
    const found = searchPath.flatMap((folder) => {
      const names = files.list(folder);
      return names.ok
        ? names.value.filter((name) => /^ecelerity\d+\.conf$/.test(name)).map((name) => `${folder}/${name}`)
        : [];
    });
    if (found.length > INSTANCES_MAX)
      doubts.push({
        kind: 'incomplete',
        reason: `there are ${found.length} files of further instances, and ${INSTANCES_MAX} were read`,
      });
    return found.slice(0, INSTANCES_MAX);
  }
}

/** Where nothing tells, both files are read: neither is left out for want of a sign. */
/** Whether a node of these roles has no need of a main file. One whose roles nothing tells may need each. */
export function isLackedBy(roles: readonly Role[]): boolean {
  return roles.length > 0 && !roles.some((role) => MTA_ROLES.includes(role) || role === 'manager');
}

function partsOf(roles: readonly Role[]): { isMta: boolean; isManager: boolean } {
  const isMta = roles.some((role) => MTA_ROLES.includes(role));
  const isManager = roles.includes('manager');
  return isMta || isManager ? { isMta, isManager } : { isMta: true, isManager: true };
}
