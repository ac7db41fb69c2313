import type { FileReader } from '../../ports/files.js';

export const CLUSTER_BOOT = '/opt/msys/ecelerity/etc/cluster.boot';
const FILE_BYTES_MAX = 1024 * 1024;
const LINES_MAX = 10_000;

/** What a file of settings says of a name: the last value counts. `unclear`: a line that may set it was not understood. */
export type Setting =
  | { readonly kind: 'set'; readonly value: string; readonly file: string; readonly line: number }
  | { readonly kind: 'unset' }
  | { readonly kind: 'unclear'; readonly why: string };

export interface SettingsFile {
  get(name: string): Setting;
}

type Line = { readonly name: string; readonly value: string } | 'nothing' | 'unknown';

const UNSET: SettingsFile = { get: () => ({ kind: 'unset' }) };

/**
 * etc/cluster.boot: `key = value`, comments from `#` (Manual, cluster.boot). A line that is neither may be anything.
 */
export function clusterBoot(files: FileReader, path: string): SettingsFile {
  return settingsFile(files, path, (line) => {
    const text = line.replace(/#.*/, '').trim();
    if (text === '') return 'nothing';
    const match = /^([\w.]+)\s*=\s*("?)([^"]*)\2$/.exec(text);
    return match ? { name: (match[1] ?? '').toLowerCase(), value: (match[3] ?? '').trim() } : 'unknown';
  });
}

/**
 * etc/environment, which ec_ctl reads as a shell does (Manual, conf.ecelerity.conf). Plain assignments are understood;
 * whatever else a shell could be told there is not.
 */
export function environmentFile(files: FileReader, path: string): SettingsFile {
  return settingsFile(files, path, (line) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return 'nothing';
    // `export A B` and `export A=value`; a name alone sets nothing new.
    if (/^export(\s+[A-Za-z_]\w*)+\s*;?$/.test(text)) return 'nothing';
    const match = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(text);
    const value = match ? shellWord(match[2] ?? '') : null;
    return match && value !== null ? { name: match[1] ?? '', value } : 'unknown';
  });
}

/** One word of a shell whose value does not depend on anything else; null where it does. */
function shellWord(text: string): string | null {
  const match =
    /^(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()#~*?[\]{}]*))\s*;?\s*(?:;\s*export(?:\s+[A-Za-z_]\w*)+\s*)?(?:\s#.*)?$/.exec(
      text,
    );
  return match ? (match[1] ?? match[2] ?? match[3] ?? '') : null;
}

function settingsFile(files: FileReader, path: string, read: (line: string) => Line): SettingsFile {
  const content = files.read(path, { bytesMax: FILE_BYTES_MAX });
  if (!content.ok) {
    if (content.problem === 'missing') return UNSET;
    return { get: () => ({ kind: 'unclear', why: `${path} could not be read (${content.problem})` }) };
  }
  const lines = content.value.toString('utf8').split(/\r?\n/);
  const values = new Map<string, { value: string; line: number }>();
  let unknownAt: number | null = lines.length > LINES_MAX ? LINES_MAX : null;
  for (const [index, text] of lines.slice(0, LINES_MAX).entries()) {
    const line = read(text);
    if (line === 'unknown') unknownAt = index + 1;
    else if (line !== 'nothing') values.set(line.name, { value: line.value, line: index + 1 });
  }
  return {
    get(name) {
      const found = values.get(name);
      // What is set after the last line that was not understood is certain.
      if (unknownAt !== null && (!found || found.line < unknownAt))
        return { kind: 'unclear', why: `${path}:${unknownAt} was not understood, and may set ${name}` };
      return found ? { kind: 'set', ...found, file: path } : { kind: 'unset' };
    },
  };
}
