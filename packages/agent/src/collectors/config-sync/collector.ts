import type { ConfigSyncFact } from '../../facts/config-sync.js';
import { checkedOut, DEFAULT_FOLDER, followPulls } from '../../knowledge/eccfg/checked-out.js';
import { eccfgStatus } from '../../knowledge/eccfg/status.js';
import { CONFIG_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { ECCFG } from '../../knowledge/momentum/programs.js';
import { CLUSTER_BOOT as BOOT, clusterBoot } from '../../knowledge/momentum/settings-files.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import type { FileReader } from '../../ports/files.js';
import { type CollectContext, defineCollector } from '../../units/fact.js';

/** Manual, executable.eccfg; Solaris keeps all jobs of root in one table. */
const CRON = '/etc/cron.d/msys-ecelerity';
const SOLARIS_CRON = '/var/spool/cron/crontabs/root';
const CRON_BYTES_MAX = 1024 * 1024;
/** ASSUMED: Subversion's own file of the newest revision, at the repository's top or in its one folder. */
const NEWEST = ['/var/ecconfigd/repo/db/current', '/var/ecconfigd/repo/config/db/current'];
const ASK_MS = 20_000;
const EDITS_MAX = 1000;
const SUBCLUSTERS_MAX = 1000;

type Look = Pick<CollectContext, 'exec' | 'files' | 'signal'>;

export default defineCollector({
  name: 'configSync',
  needs: ['install'],
  title:
    'Whether the configuration and the repository keep up: edits, conflicts, cluster.boot, cron, revisions',
  timeoutMs: 100_000,
  evidence: 'files-and-system',
  async collect({ exec, files, signal, facts }): Promise<ConfigSyncFact> {
    const { roles, os, serviceUser } = facts.install;
    const isManaged = roles.some((role) => ['mta', 'manager', 'singlenode', 'platform'].includes(role));
    const look = { exec, files, signal };
    const notAsked = { kind: 'not-known', why: 'the node takes no configuration from a repository' } as const;
    if (isManaged) followPulls(files);
    const copy = isManaged ? await checkedOut(look, DEFAULT_FOLDER) : notAsked;
    return {
      isManaged,
      bootFile: BOOT,
      autoupdate: autoupdateOf(files, namedBy(files, serviceUser, CONFIG_PLACES)),
      edits: isManaged ? await editsOf(look) : notAsked,
      subclusters: isManaged ? await subclustersOf(look) : notAsked,
      cron: cronOf(files, os.family === 'solaris' ? SOLARIS_CRON : CRON),
      copy,
      revision: isManaged ? revisionOf(files, copy) : notAsked,
    };
  },
});

function autoupdateOf(all: FileReader, files: FileReader): ConfigSyncFact['autoupdate'] {
  const stat = all.stat(BOOT);
  if (!stat.ok && stat.problem === 'missing') return { kind: 'no-file' };
  const setting = clusterBoot(files, BOOT).get('autoupdate');
  return setting.kind === 'set' ? { kind: 'set', value: setting.value, line: setting.line } : setting;
}

async function editsOf(look: Look): Promise<ConfigSyncFact['edits']> {
  const status = await eccfgStatus(look);
  if (status.kind === 'not-known') return { kind: 'not-known', why: status.why };
  const edited = status.edited.slice(0, EDITS_MAX).map((path) => {
    const stat = look.files.lstat(path);
    return { path, mtimeMs: stat.ok ? stat.value.mtimeMs : null };
  });
  return { kind: 'known', value: { edited, conflicts: status.conflicts.slice(0, EDITS_MAX) } };
}

/** Manual, executable.eccfg: `!` before the name of a subcluster that is in conflict. */
async function subclustersOf({ exec, signal }: Look): Promise<ConfigSyncFact['subclusters']> {
  const result = await exec.run({
    program: ECCFG,
    argv: ['subcluster', 'clusters'],
    timeoutMs: ASK_MS,
    signal,
  });
  if (result.kind === 'unstarted') return { kind: 'not-known', why: `eccfg was not run (${result.problem})` };
  if (result.kind !== 'exited' || result.code !== 0)
    return { kind: 'not-known', why: 'eccfg subcluster clusters did not answer' };
  const names = result.stdout.match(/^\s*!?\s*[\w.-]{1,255}(?=\s|$)/gm) ?? [];
  const value = names.slice(0, SUBCLUSTERS_MAX).map((text) => {
    const name = text.trim();
    return { name: name.replace(/^!\s*/, ''), isConflict: name.startsWith('!') };
  });
  return { kind: 'known', value };
}

function cronOf(files: FileReader, expectedAt: string): ConfigSyncFact['cron'] {
  const tables: { path: string; pullLines: number[] }[] = [];
  const unread: { path: string; problem: string }[] = [];
  for (const path of [CRON, SOLARIS_CRON]) {
    const content = files.read(path, { bytesMax: CRON_BYTES_MAX });
    if (content.ok) {
      const lines = content.value.toString('utf8').split('\n');
      const pullLines = lines.flatMap((line, index) =>
        /^\s*[^#\s].*\beccfg\s+(?:-\S+\s+)*pull\b/.test(line) ? [index + 1] : [],
      );
      tables.push({ path, pullLines });
    } else if (content.problem !== 'missing') unread.push({ path, problem: content.problem });
  }
  return { tables, unread, expectedAt };
}

/** The newest revision stands where the repository is; whoever has only a working copy would have to log in for it. */
function revisionOf(files: FileReader, copy: ConfigSyncFact['copy']): ConfigSyncFact['revision'] {
  const newest = NEWEST.flatMap((path) => {
    const content = files.read(path, { bytesMax: 4096 });
    const stat = files.stat(path);
    const number = content.ok ? /^(\d{1,15})\b/.exec(content.value.toString('latin1'))?.[1] : undefined;
    return number && stat.ok ? [{ number: Number(number), ms: stat.value.mtimeMs }] : [];
  })[0];
  if (!newest)
    return { kind: 'not-known', why: 'the repository is not on this node, or not where the manual has it' };
  if (copy.kind === 'not-known') return copy;
  return {
    kind: 'known',
    value: { own: copy.value.revision, newest: newest.number, newestMs: newest.ms },
  };
}
