import type { UmaskFact } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { reached, sessionStack } from './pam-stack.js';

type SystemDefault = UmaskFact['systemDefault'];

/** What the kernel's first process has, and everything after it, where nothing says otherwise. */
const KERNEL: SystemDefault = { umask: 0o022, from: 'the system (nothing sets another)' };
/** By these a person gets a shell of root. */
const ROOT_SERVICES = ['login', 'sshd', 'su', 'su-l', 'sudo', 'sudo-i', 'remote'];
/** What those include on the distributions; inspected alone where a tree has none of them. */
const SHARED_STACKS = ['common-session', 'system-auth', 'password-auth', 'other'];
const CRON_SERVICES = ['crond', 'cron'];

function text(files: FileReader, path: string): string | null {
  const content = files.read(path, { bytesMax: 1024 * 1024 });
  return content.ok ? content.value.toString('latin1') : null;
}

/**
 * The umask that a shell of root begins with: pam_umask's, login.defs' (which pam_umask and an old login read, and
 * which counts for nothing where PAM is there without pam_umask), or Solaris' /etc/default/login. Of several services
 * that differ, the one that bars others is told.
 */
export function systemDefault(files: FileReader): SystemDefault {
  if (!files.list('/etc/pam.d').ok) return loginDefs(files) ?? solaris(files) ?? KERNEL;
  const own = defaultsOf(files, ROOT_SERVICES);
  const all =
    own.length > 0
      ? own
      : defaultsOf(files, SHARED_STACKS)
          .filter(({ isSet }) => isSet)
          .slice(0, 1);
  const worst =
    all.find(({ umask }) => umask !== null && (umask & 0o005) !== 0) ??
    all.find(({ umask }) => umask === null) ??
    all.find(({ umask }) => umask !== null && (umask & 0o022) !== 0o022) ??
    all.find(({ isSet }) => isSet);
  return worst ? { umask: worst.umask, from: worst.from } : (solaris(files) ?? KERNEL);
}

/** The umask that crond starts root's jobs with. */
export function cronDefault(files: FileReader): SystemDefault {
  const [first] = defaultsOf(files, CRON_SERVICES);
  return first ? { umask: first.umask, from: first.from } : KERNEL;
}

interface ServiceDefault extends SystemDefault {
  readonly isSet: boolean;
}

function defaultsOf(files: FileReader, services: readonly string[]): ServiceDefault[] {
  return services.flatMap((service) => serviceDefault(files, service) ?? []);
}

function serviceDefault(files: FileReader, service: string): ServiceDefault | null {
  const stack = sessionStack(files, service);
  if (stack === null) return null;
  let found: ServiceDefault = { ...KERNEL, isSet: false };
  for (const { rule, runs } of reached(stack, service)) {
    if (rule.module !== 'pam_umask' || runs === 'no') continue;
    const set = pamUmask(files, rule.args, rule.file);
    if (runs === 'yes') found = { ...set, isSet: true };
    else if (set.umask !== found.umask)
      found = { umask: null, from: `${rule.file}:${rule.line}`, isSet: true };
  }
  // A file that could not be read may hold another.
  return stack.problem === null ? found : { umask: null, from: stack.problem, isSet: true };
}

/** pam_umask(8): the user's own entry, then the argument, then the system's files. */
function pamUmask(files: FileReader, args: readonly string[], file: string): SystemDefault {
  const gecos = /^[^:\n]*:[^:\n]*:0:[^:\n]*:([^:\n]*):/m.exec(text(files, '/etc/passwd') ?? '')?.[1] ?? '';
  const own = /(?:^|,)umask=([0-7]{1,4})\b/i.exec(gecos)?.[1];
  if (own !== undefined) return { umask: Number.parseInt(own, 8) & 0o777, from: '/etc/passwd' };
  const argument = args.find((arg) => arg.startsWith('umask='))?.slice('umask='.length);
  if (argument !== undefined) {
    const umask = /^[0-7]{1,4}$/.test(argument) ? Number.parseInt(argument, 8) & 0o777 : null;
    return { umask, from: file };
  }
  return loginDefs(files) ?? solaris(files) ?? KERNEL;
}

function loginDefs(files: FileReader): SystemDefault | null {
  return setting(files, '/etc/login.defs', /^[ \t]*UMASK[ \t]+"?(\S+?)"?[ \t]*(?:#.*)?$/m);
}

function solaris(files: FileReader): SystemDefault | null {
  return setting(files, '/etc/default/login', /^[ \t]*UMASK=(\S+)/m);
}

function setting(files: FileReader, path: string, pattern: RegExp): SystemDefault | null {
  const content = files.read(path, { bytesMax: 1024 * 1024 });
  if (!content.ok && content.problem !== 'missing' && content.problem !== 'not-directory')
    return { umask: null, from: path };
  const value = pattern.exec(content.ok ? content.value.toString('latin1') : '')?.[1];
  if (value === undefined) return null;
  return { umask: /^[0-7]{1,4}$/.test(value) ? Number.parseInt(value, 8) & 0o777 : null, from: path };
}
