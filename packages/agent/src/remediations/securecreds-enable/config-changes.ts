import { addScope, applyEdits, type Config, datasourceUris, type TextEdit } from '@castellan/momentum';
import type { CasCode } from '@castellan/shared/errors/table';
import type { TextChange } from '../../knowledge/eccfg/config-edit.js';

export type ConfigChanges =
  | { readonly ok: true; readonly changes: readonly TextChange[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly code: CasCode; readonly why: string };

interface Pending {
  readonly before: string;
  readonly edits: TextEdit[];
  readonly what: Set<string>;
}

/** Adds the module's block to each main file and takes the password out of the connection strings that hold it. */
export function configChanges(configs: readonly Config[], password: string): ConfigChanges {
  const pending = new Map<string, Pending>();
  const add = (path: string, before: string, edit: TextEdit, what: string): void => {
    const known = pending.get(path) ?? { before, edits: [], what: new Set<string>() };
    if (!known.edits.some(({ start, end }) => start === edit.start && end === edit.end))
      known.edits.push(edit);
    known.what.add(what);
    pending.set(path, known);
  };
  const notes: string[] = [];
  for (const config of configs) {
    const added = addScope(config, [{ type: 'securecreds', name: null }]);
    if (!added.ok) return { ok: false, code: 'CAS_PLAN_REFUSED', why: added.why };
    for (const file of added.files)
      for (const edit of file.edits) add(file.path, file.before, edit, 'switch the securecreds module on');
    for (const { secretAt, driver, at } of datasourceUris(config)) {
      const file = secretAt === null ? undefined : config.files.find(({ path }) => path === secretAt.file);
      if (secretAt === null || !file) continue;
      if (driver !== 'pgsql') {
        notes.push(`${at.file}:${at.line}: the password of a ${driver} datasource is left alone`);
        continue;
      }
      if (file.text.slice(secretAt.start, secretAt.end) !== password) {
        return {
          ok: false,
          code: 'CAS_PARAM_INVALID',
          why: `the password given is not the one that stands in ${at.file}:${at.line}: with it Momentum could not log in to the database`,
        };
      }
      add(
        file.path,
        file.text,
        withoutPassword(file.text, secretAt),
        'take the password out of the connection string',
      );
      if (file.readOnly)
        notes.push(
          `${file.path} is the installer's: an upgrade of Momentum may write the password into it again`,
        );
    }
  }
  const changes = [...pending].map(([path, { before, edits, what }]) => ({
    path,
    before,
    after: applyEdits(before, edits),
    summary: [...what].join(', '),
  }));
  return { ok: true, changes, notes: [...new Set(notes)] };
}

/** The whole `password=...;`, or with the semicolon before it where it stands last. */
function withoutPassword(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  const name = /[A-Za-z-]+=$/.exec(text.slice(Math.max(0, start - 32), start))?.[0] ?? '';
  const from = start - name.length;
  if (text.charAt(end) === ';') return { start: from, end: end + 1, content: '' };
  return { start: text.charAt(from - 1) === ';' ? from - 1 : from, end, content: '' };
}
