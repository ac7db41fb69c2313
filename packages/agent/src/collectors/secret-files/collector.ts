import { allSettings, decodeBytes, secretSpans } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import type { SecretFile, SecretFilesFact } from '../../facts/secret-files.js';
import { fullAccess } from '../../knowledge/permissions/holders.js';
import { PathAccess } from '../../knowledge/permissions/path-access.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';
import { KNOWN, NAMED_IN_FOLDERS } from './places.js';

const LOOK_BYTES_MAX = 1024 * 1024;
/** Names in one folder, and files that the configuration names. */
const NAMES_MAX = 200;
/** Somebody who is nobody of the node's. */
const STRANGER = { uid: 2 ** 32 - 1, groups: [] };

interface Named {
  readonly path: string;
  readonly what: string;
  readonly reader: SecretFile['reader'];
  readonly isWhole: boolean;
  readonly namedAt?: Place;
  /** Known from the configuration as it was read. */
  readonly line?: number;
}

export default defineCollector({
  name: 'secretFiles',
  needs: ['install', 'momentumConfig'],
  title:
    'Files that hold passwords: the installer’s answers, data sources, lists of users, settings of tools',
  timeoutMs: 20_000,
  evidence: 'files',
  collect({ files, facts }): SecretFilesFact {
    const found = new Map<string, SecretFile>();
    const unseen: { path: string; problem: string }[] = [];
    const strangers = new PathAccess(files, STRANGER);
    for (const named of [...ofConfig(facts.momentumConfig), ...KNOWN, ...inFolders(files)]) {
      const one = look(files, strangers, named);
      if (one === null) continue;
      if ('problem' in one) unseen.push(one);
      else if (!found.has(one.realPath)) found.set(one.realPath, one);
    }
    return { files: [...found.values()], unseen };
  },
});

/** The files that were loaded and hold a secret, and those that the configuration names for its users. */
function ofConfig({ configs }: Facts['momentumConfig']): Named[] {
  const loaded = new Map(configs.flatMap(({ config }) => config.files.map(({ path, text }) => [path, text])));
  const holding = [...loaded].flatMap(([path, text]): Named[] => {
    const [span] = secretSpans(text);
    return span
      ? [{ path, what: 'a password of the configuration', reader: 'ecuser', isWhole: true, line: span.line }]
      : [];
  });
  const users = configs.flatMap(({ config }) =>
    allSettings(config).flatMap(({ text, at, option }): Named[] => {
      const path = /\bfile:\/\/(\/[^\s"'?#]{1,1000})/i.exec(text)?.[1];
      return path && /auth|uri|passwd|password/i.test(option)
        ? [{ path, what: 'a list of users', reader: 'ecuser', isWhole: true, namedAt: at }]
        : [];
    }),
  );
  return [...holding, ...users.slice(0, NAMES_MAX)];
}

function inFolders(files: FileReader): Named[] {
  return NAMED_IN_FOLDERS.flatMap(({ folder, names, ...named }) => {
    const all = files.list(folder);
    return all.ok
      ? all.value
          .filter((name) => names.test(name))
          .slice(0, NAMES_MAX)
          .map((name) => ({ ...named, path: `${folder}/${name}` }))
      : [];
  });
}

function look(
  files: FileReader,
  strangers: PathAccess,
  named: Named,
): SecretFile | { readonly path: string; readonly problem: string } | null {
  const { path, what, reader, namedAt } = named;
  const stat = files.stat(path);
  if (!stat.ok) return stat.problem === 'missing' ? null : { path, problem: stat.problem };
  if (stat.value.kind !== 'file') return null;
  const real = files.realpath(path);
  const full = fullAccess(files, path);
  if (!real.ok || full === null) return { path, problem: 'failed' };
  const line = named.isWhole ? (named.line ?? null) : secretLine(files, path);
  const obstacles = strangers.obstacles(path, 'read');
  const way = obstacles.find((one) => one.kind === 'denied' && one.isFolder);
  const unknown = obstacles.find((one) => one.kind === 'unknown' && one.path !== real.value.path);
  return {
    path,
    realPath: real.value.path,
    what,
    ...(namedAt ? { namedAt } : {}),
    line: line === 'unread' ? null : line,
    holdsSecret: named.isWhole ? true : line === 'unread' ? null : line !== null,
    reader,
    ...full,
    shutBy: way?.path ?? null,
    wayUnknown: unknown?.kind === 'unknown' ? `${unknown.path}: ${unknown.problem}` : null,
  };
}

/** `PWD=x`, `rt_driver_pass = x`, `export PROXYPASS="x"`: a name of a secret, and a value that is not another name. */
const SECRET =
  /(?:^|[\s;"'_.-])(?:\w*(?:passwd|password|proxypass|driver_pass|secret)|pwd|pass)\s*["']?\s*(?:=>?|:)\s*["']?([^\s"';#$%]+)/i;

function secretLine(files: FileReader, path: string): number | null | 'unread' {
  const content = files.read(path, { bytesMax: LOOK_BYTES_MAX });
  if (!content.ok) return 'unread';
  const { text } = decodeBytes(content.value);
  const [span] = path.endsWith('.ini') ? [] : secretSpans(text);
  if (span) return span.line;
  const index = text.split(/\r?\n/).findIndex((line) => SECRET.test(line.slice(0, 4096)));
  return index < 0 ? null : index + 1;
}
