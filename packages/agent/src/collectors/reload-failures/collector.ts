import type { ReloadFailuresFact } from '../../facts/reload-failures.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

/** Manual, conf.starting: the MTA's log and the manager's. */
const LOGS = ['/var/log/ecelerity/paniclog.ec', '/var/log/eccluster/paniclog.ec'];
const BYTES_MAX = 16 * 1024 * 1024;

type Log = ReloadFailuresFact['logs'][number];
type Failure = Log['failures'][number];

export default defineCollector({
  name: 'reloadFailures',
  needs: ['install'],
  title: 'Configurations that Momentum did not load, by its own logs of errors',
  timeoutMs: 10_000,
  evidence: 'files',
  collect({ files }): ReloadFailuresFact {
    return { logs: LOGS.flatMap((path) => look(files, path)) };
  },
});

/** Manual, executable.ec_dump_config: `[Tue 18 Oct 2011 13:51:50] CFG-07961 ...`, and lines below it without a time. */
function look(files: FileReader, path: string): Log[] {
  const content = files.read(path, { bytesMax: BYTES_MAX });
  if (!content.ok)
    return content.problem === 'missing' ? [] : [{ path, unread: content.problem, failures: [] }];
  const last = new Map<Failure['kind'], Failure>();
  let atMs: number | null = null;
  for (const [index, line] of content.value.toString('latin1').split('\n').entries()) {
    const time = /^\[\w{3} (\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d)\]/.exec(line)?.[1];
    const ms = time === undefined ? Number.NaN : Date.parse(time);
    if (!Number.isNaN(ms)) atMs = ms;
    const kind = kindOf(line);
    if (kind !== null) last.set(kind, { kind, line: index + 1, atMs });
  }
  return [{ path, unread: null, failures: [...last.values()] }];
}

function kindOf(line: string): Failure['kind'] | null {
  if (/CFG-07961 failed to stat/.test(line) || /failed to stat\b.*Permission denied/.test(line))
    return 'permission';
  return /Reconfigure failed|Global configuration error|Syntax error in \S+ at line/.test(line)
    ? 'configuration'
    : null;
}
