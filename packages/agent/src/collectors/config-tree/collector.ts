import { decodeBytes, secretSpans } from '@castellan/momentum';
import { type CollectContext, defineCollector, FactUnavailable } from '../../kit/fact.js';
import { scanTree, type TreeScan } from '../../kit/tree-scan.js';
import { WORKING_COPY as CONF, isWorkingCopy } from '../../kit/working-copy.js';
import type { FileReader } from '../../ports/files.js';
import type { Barred, ConfigTreeFact } from './fact.js';

/** Manual, install.security: what the service's user must be able to read. */
const ROOTS = [CONF, '/opt/msys/etc/installer/ecelerity.d', '/opt/msys/etc/installer/eccmgr.d'];
/** Read for secrets only, so a file that is no configuration costs nothing. */
const SECRET_LOOK_BYTES_MAX = 1024 * 1024;
const SECRET_NAME = /(^ecdb\.conf|passwd|\.key$|\.pem$|credential|secret)/i;

export default defineCollector({
  name: 'configTree',
  needs: ['install'],
  title: "The configuration's files and folders, as the service's user meets them",
  timeoutMs: 60_000,
  evidence: 'files',
  async collect(context): Promise<ConfigTreeFact> {
    const { files, facts } = context;
    if (!facts.install.serviceUser)
      throw new FactUnavailable('there is no user ecuser in etc/passwd to look through the eyes of');
    const roots = ROOTS.filter((root) => {
      const stat = files.stat(root);
      return stat.ok || stat.problem !== 'missing';
    });
    if (roots.length === 0)
      throw new FactUnavailable(`there is no configuration: none of ${ROOTS.join(', ')} exists`);
    const scan = await scanSteady(context, roots, facts.install.serviceUser);
    return {
      roots,
      entriesSeen: scan.entriesSeen,
      barred: scan.barred.map(
        (entry): Barred => ({
          ...entry,
          holdsSecret: entry.kind === 'file' && holdsSecret(files, entry.path),
        }),
      ),
      foreign: scan.foreign.filter(({ path }) => path.startsWith(`${CONF}/`)),
      brokenLinks: scan.brokenLinks,
      unseen: scan.unseen,
      workingCopy: isWorkingCopy(files),
      isTruncated: scan.isTruncated,
    };
  },
});

type ScanUser = Parameters<typeof scanTree>[2];

/**
 * `eccfg pull` puts a whole new folder in the place of conf (Manual, executable.eccfg). A walk that it happened under
 * saw half of each, so it is made once more; pulls come a minute apart.
 */
async function scanSteady(
  context: Pick<CollectContext, 'files' | 'signal'>,
  roots: readonly string[],
  user: ScanUser,
): Promise<TreeScan> {
  const before = identity(context.files);
  const scan = await scanTree(context.files, roots, user, context.signal);
  return identity(context.files) === before ? scan : scanTree(context.files, roots, user, context.signal);
}

function identity(files: FileReader): string {
  const stat = files.stat(CONF);
  return stat.ok ? `${stat.value.dev}:${stat.value.ino}` : stat.problem;
}

/** By name, or by what is written in it. A file that cannot be read is taken to hold one. */
function holdsSecret(files: FileReader, path: string): boolean {
  if (SECRET_NAME.test(path.slice(path.lastIndexOf('/') + 1))) return true;
  const content = files.read(path, { bytesMax: SECRET_LOOK_BYTES_MAX });
  return !content.ok || secretSpans(decodeBytes(content.value).text).length > 0;
}
