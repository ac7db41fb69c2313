import type { UmaskLine, UmaskStart } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { cronDefault } from './pam.js';
import { eitherState } from './sh-flow.js';
import { parseScript } from './sh-parser.js';
import { ShellRun } from './sh-run.js';
import { ShellState } from './sh-state.js';
import { exact } from './sh-text.js';
import { TOP } from './shells-of-root.js';
import { unitOf } from './units.js';

/** Momentum's daemons, by the names of their init scripts and units (Manual, operations.starting). */
const DAEMONS = ['ecelerity', 'ecconfigd', 'ecwebconsole', 'msyspg', 'eccmgr'];
/** ec_ctl reads them as root before it starts the MTA (Manual, environment_file and conf.ecelerity.conf). */
const ENVIRONMENT = '/opt/msys/ecelerity/etc/environment';
const RC_INCLUDES = '/opt/msys/ecelerity/bin/rc.includes';
const CRONTABS = [
  '/etc/crontab',
  '/var/spool/cron/root',
  '/var/spool/cron/tabs/root',
  '/var/spool/cron/crontabs/root',
];
const CRON_FOLDER = '/etc/cron.d';
const CRON_FILES_MAX = 200;
const CRON_LINES_MAX = 500;
/** A job that runs a program of Momentum: by its folder, or by its name. */
const OF_MOMENTUM =
  /\/opt\/msys\/|\b(eccfg|ec_console|ec_ctl|ec_rotate|ec_lic_cron|ec_rt_stats2|ad_summary)\b/;
const INIT: Masked = { umask: 0o022, line: null };

interface Masked {
  readonly umask: number | null;
  readonly line: UmaskLine | null;
}

/** How Momentum's daemons, and root's jobs that run Momentum's programs, come by their umask. */
export function momentumStarts(files: FileReader): UmaskStart[] {
  return [...DAEMONS.flatMap((name) => daemonStart(files, name) ?? []), ...cronStarts(files)];
}

function isThere(files: FileReader, path: string): boolean {
  const stat = files.lstat(path);
  return stat.ok || (stat.problem !== 'missing' && stat.problem !== 'not-directory');
}

/** Null: nothing starts it here. */
function daemonStart(files: FileReader, name: string): UmaskStart | null {
  const script = ['/etc/init.d', '/etc/rc.d/init.d', '/etc/rc.d']
    .map((folder) => `${folder}/${name}`)
    .find((path) => isThere(files, path));
  const unit = unitOf(files, name);
  if (!script && !unit) return null;
  const from: Masked = unit ? { umask: unit.umask, line: unit.line } : INIT;
  const paths = script && (!unit || unit.isInitScript) ? [script] : [];
  if (name === 'ecelerity') paths.push(...read(files));
  const seen = run(files, from, (shell, state) => {
    for (const path of paths) {
      state.positional = [exact('start')];
      const flow = shell.file(path, state, TOP);
      // The end of a script is not the end of what is read after it.
      const after = flow?.ends.reduce((all, end) => eitherState(all, end.state), flow.next) ?? null;
      if (after) Object.assign(state, after);
    }
  });
  const file = unit?.file ?? script ?? '';
  return { subject: `umask of ${name}`, file, ...seen };
}

function read(files: FileReader): string[] {
  const names = files.list(RC_INCLUDES);
  const starts = names.ok ? names.value.filter((name) => name.startsWith('start.')) : [];
  return [ENVIRONMENT, ...starts.map((name) => `${RC_INCLUDES}/${name}`)];
}

type Seen = Omit<UmaskStart, 'subject' | 'file'>;

/** What is started has the mask at the end, or one that was set for a part of the script only. */
function run(files: FileReader, from: Masked, go: (shell: ShellRun, state: ShellState) => void): Seen {
  const shell = new ShellRun(files, '/bin/sh', false, false);
  const state = ShellState.ofRoot({ home: '/root', shell: '/bin/sh' }, false);
  state.masks = new Map([[from.umask, { line: from.line, order: 0 }]]);
  go(shell, state);
  const possible = new Map([...state.masks].map(([umask, { line }]) => [umask, line]));
  for (const line of shell.apart) if (!possible.has(line.umask)) possible.set(line.umask, line);
  const umasks = [...possible.keys()];
  const line =
    umasks.length === 1
      ? ([...possible.values()][0] ?? null)
      : (possible.get(null) ?? [...possible.values()].at(-1) ?? null);
  return { umask: umasks.length === 1 ? (umasks[0] ?? null) : null, possible: umasks, line };
}

function cronStarts(files: FileReader): UmaskStart[] {
  const folder = files.list(CRON_FOLDER);
  const names = folder.ok
    ? folder.value.slice(0, CRON_FILES_MAX).map((name) => `${CRON_FOLDER}/${name}`)
    : [];
  const inFolder: readonly string[] = names;
  const from = cronDefault(files);
  return [...CRONTABS, ...inFolder].flatMap((file) => {
    const content = files.read(file, { bytesMax: 1024 * 1024 });
    const subject = `umask of the jobs in ${file}`;
    if (!content.ok) {
      if (['missing', 'not-directory', 'directory'].includes(content.problem)) return [];
      const line = { file, line: 1, text: `not read: ${content.problem}`, umask: null, condition: null };
      return [{ subject, file, umask: null, possible: [null], line: { ...line, runs: 'unclear' as const } }];
    }
    const hasUser = file === '/etc/crontab' || file.startsWith(CRON_FOLDER);
    const jobs = jobsOf(content.value.toString('utf8'), hasUser).map((job) =>
      cronJob(files, from.umask, file, job),
    );
    return jobs.length === 0 ? [] : [{ subject, file, ...worstOf(jobs) }];
  });
}

interface Job {
  readonly line: number;
  readonly command: string;
}

/** crontab(5): five fields or a name like `@daily`, the user in the system's files, and the command up to a `%`. */
function jobsOf(text: string, hasUser: boolean): Job[] {
  const jobs: Job[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const pattern = hasUser
      ? /^\s*(?:@\w+|(?:\S+\s+){4}\S+)\s+\S+\s+(.+)$/
      : /^\s*(?:@\w+|(?:\S+\s+){4}\S+)\s+(.+)$/;
    const command = /^\s*(#|\w+\s*=)/.test(raw) ? undefined : pattern.exec(raw)?.[1];
    if (command === undefined || !OF_MOMENTUM.test(command) || jobs.length >= CRON_LINES_MAX) continue;
    jobs.push({ line: index + 1, command: command.replace(/(?<!\\)%.*$/, '').replaceAll('\\%', '%') });
  }
  return jobs;
}

function cronJob(files: FileReader, umask: number | null, file: string, job: Job): Seen {
  return run(files, { umask, line: null }, (shell, state) => {
    const flow = shell.script(parseScript(job.command, job.line), state, { ...TOP, file });
    const after = flow.ends.reduce((all, end) => eitherState(all, end.state), flow.next);
    if (after) Object.assign(state, after);
  });
}

/** Of several jobs the one that bars others, then one that is not understood, then one too open. */
function worstOf(jobs: readonly Seen[]): Seen {
  const bars = jobs.find(({ possible }) =>
    possible.every((umask) => umask !== null && (umask & 0o005) !== 0),
  );
  const unclear = jobs.find(({ umask }) => umask === null);
  const open = jobs.find(({ umask }) => umask !== null && (umask & 0o022) !== 0o022);
  const [first] = jobs;
  return bars ?? unclear ?? open ?? first ?? { umask: null, possible: [null], line: null };
}
