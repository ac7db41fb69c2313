import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeBytes, secretSpans } from '@castellan/momentum';
import type { ConfigTreeFact, Denied } from '../../facts/config-tree.js';
import type { Facts } from '../../facts/facts.generated.js';
import { WORKING_COPY as CONF, isWorkingCopy } from '../../knowledge/eccfg/working-copy.js';
import { CONFIG_ROOTS } from '../../knowledge/momentum/managed-paths.js';
import { type ScanRequest, scanTree, type TreeScan } from '../../knowledge/permissions/tree-scan.js';
import type { FileReader } from '../../ports/files.js';
import { type CollectContext, defineCollector, FactUnavailable } from '../../units/fact.js';

/** Manual, install.security: what the service's user must be able to read. */
const ROOTS = CONFIG_ROOTS;
/** Read for secrets only, so a file that is no configuration costs nothing. */
const SECRET_LOOK_BYTES_MAX = 1024 * 1024;
const SECRET_NAME = /(^ecdb\.conf|passwd|\.key$|\.pem$|credential|secret)/i;

export default defineCollector({
  name: 'configTree',
  needs: ['momentumConfig'],
  title: "The configuration's files and folders, as the service's user meets them",
  timeoutMs: 60_000,
  evidence: 'files',
  async collect(context): Promise<ConfigTreeFact> {
    const { files, facts } = context;
    const { runUser } = facts.momentumConfig;
    if (!runUser.principal)
      throw new FactUnavailable(`there is no user ${runUser.name} in etc/passwd, as whom Momentum runs`);
    const roots = ROOTS.filter((root) => {
      const stat = files.stat(root);
      return stat.ok || stat.problem !== 'missing';
    });
    if (roots.length === 0)
      throw new FactUnavailable(`there is no configuration: none of ${ROOTS.join(', ')} exists`);
    const request = { roots, files: filesOf(facts.momentumConfig) };
    const scan = await scanSteady(context, request, runUser.principal);
    return {
      user: { name: runUser.name, ...runUser.principal },
      doubts: facts.momentumConfig.doubts.filter(({ kind }) => kind === 'incomplete'),
      roots,
      entriesSeen: scan.entriesSeen,
      denied: await withSecrets(files, scan.denied, context.signal),
      foreign: scan.foreign.filter(({ path }) => path.startsWith(`${CONF}/`)),
      brokenLinks: scan.brokenLinks,
      unseen: scan.unseen,
      workingCopy: isWorkingCopy(files),
      isTruncated: scan.isTruncated,
    };
  },
});

/** What the main files include, those too that were not read: that is what is asked here. */
function filesOf({ configs, unread }: Facts['momentumConfig']): string[] {
  const loaded = configs.flatMap(({ config }) => config.files.map(({ path }) => path));
  return [...new Set([...loaded, ...unread.map(({ path }) => path)])];
}

type ScanUser = Parameters<typeof scanTree>[2];

/**
 * `eccfg pull` puts a whole new folder in the place of conf (Manual, executable.eccfg). A walk that it happened under
 * saw half of each, so it is made once more; pulls come a minute apart.
 */
async function scanSteady(
  context: Pick<CollectContext, 'files' | 'signal'>,
  request: ScanRequest,
  user: ScanUser,
): Promise<TreeScan> {
  const before = identity(context.files);
  const scan = await scanTree(context.files, request, user, context.signal);
  return identity(context.files) === before ? scan : scanTree(context.files, request, user, context.signal);
}

function identity(files: FileReader): string {
  const stat = files.stat(CONF);
  return stat.ok ? `${stat.value.dev}:${stat.value.ino}` : stat.problem;
}

/** The most bytes that are looked through for secrets; what is left over then is taken to hold one. */
const SECRET_BYTES_MAX = 32 * 1024 * 1024;
/** Other work gets its turn after this long. */
const SLICE_MS = 10;

/** Each file once, however many names it has: who may make hard links decides how many there are. */
async function withSecrets(
  files: FileReader,
  entries: TreeScan['denied'],
  signal: AbortSignal,
): Promise<Denied[]> {
  const known = new Map<string, boolean>();
  const found: Denied[] = [];
  let bytesLeft = SECRET_BYTES_MAX;
  let sliceEnd = performance.now() + SLICE_MS;
  const lookInto = (path: string): boolean => {
    const stat = files.lstat(path);
    if (!stat.ok) return true;
    const file = `${stat.value.dev}:${stat.value.ino}`;
    const before = known.get(file);
    if (before !== undefined) return before;
    const size = Math.min(stat.value.sizeBytes, SECRET_LOOK_BYTES_MAX);
    const isSecret = size > bytesLeft || holdsSecret(files, path);
    bytesLeft -= Math.min(size, bytesLeft);
    known.set(file, isSecret);
    return isSecret;
  };
  for (const entry of entries) {
    const isSecret = entry.kind === 'file' && (isSecretName(entry.path) || lookInto(entry.path));
    found.push({ ...entry, holdsSecret: isSecret });
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    signal.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return found;
}

function isSecretName(path: string): boolean {
  return SECRET_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}

/** By what is written in it. A file that cannot be read is taken to hold one. */
function holdsSecret(files: FileReader, path: string): boolean {
  const content = files.read(path, { bytesMax: SECRET_LOOK_BYTES_MAX });
  return !content.ok || secretSpans(decodeBytes(content.value).text).length > 0;
}
