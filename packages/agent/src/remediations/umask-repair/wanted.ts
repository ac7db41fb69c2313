import { rootAccount } from '../../knowledge/momentum/root-account.js';
import { type MaskPlace, wrongMasks } from '../../knowledge/startup/mask-places.js';
import { inLine, inSettings } from '../../knowledge/startup/umask-lines.js';
import type { PlanContext } from '../../units/remediation.js';
import { EditedFiles } from './edited-files.js';

type Files = PlanContext['look']['files'];

/** A file as it is and as it should be; `before` null: it is made. */
export interface MaskEdit {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  readonly summary: string;
}

export interface WantedMasks {
  readonly edits: readonly MaskEdit[];
  /** What is wrong and has to be left to a person, a line each. */
  readonly notes: readonly string[];
  /** A mask took from others what they get now. */
  readonly isOpening: boolean;
}

const EDITS_MAX = 50;
const UNITS = '/etc/systemd/system';
/** Behind the drop-ins that are there, which are read by their names. */
const DROP_IN = 'zz-castellan-umask.conf';

/**
 * Edits of the very lines that decide, one after another, until the files read as they should: each is believed only when
 * what it decides is followed anew. A subject whose line is not understood is left as it is, with its reason.
 */
export function wantedMasks(files: Files, mask: number): WantedMasks {
  const root = rootAccount(files);
  const edited = new EditedFiles(files);
  const summaries = new Map<string, string>();
  const notes = new Map<string, string>();
  const done = new Set<string>();
  const begun = new Set<string>();
  let isOpening = false;
  for (let count = 0; count < EDITS_MAX; count += 1) {
    const place = wrongMasks(edited.reader(), root, begun).find(({ subject }) => !notes.has(subject));
    if (!place) break;
    const edit = editOf(edited, place, mask);
    const key = edit.ok ? `${edit.path} ${edit.after}` : '';
    if (!edit.ok) notes.set(place.subject, `${place.subject}: ${edit.why}`);
    else if (done.has(key))
      notes.set(place.subject, `${place.subject}: ${edit.path} alone does not decide it`);
    else {
      done.add(key);
      begun.add(place.subject);
      edited.texts.set(edit.path, edit.after);
      const known = summaries.get(edit.path);
      summaries.set(edit.path, known === undefined ? place.subject : `${known}, ${place.subject}`);
      isOpening ||= place.found.kind !== 'unclear' && (place.found.mask & 0o005) !== 0;
    }
  }
  const edits = [...edited.texts].map(([path, after]): MaskEdit => {
    const read = files.read(path);
    const before = read.ok ? read.value.toString('latin1') : null;
    return { path, before, after, summary: `decides ${summaries.get(path) ?? ''}` };
  });
  return { edits, notes: [...notes.values()], isOpening };
}

type Edit =
  | { readonly ok: true; readonly path: string; readonly after: string }
  | { readonly ok: false; readonly why: string };

function editOf(edited: EditedFiles, { found, daemon }: MaskPlace, mask: number): Edit {
  if (found.kind === 'unclear')
    return { ok: false, why: `what ${found.what} sets is not understood: a person must edit it` };
  const path = edited.real(found.file);
  const isUnit = daemon !== null && /\.(service|conf)$/.test(found.file);
  // A vendor's unit is replaced by the next release: what is set for it stands in a drop-in.
  if (isUnit && !found.file.startsWith(`${UNITS}/`)) return dropIn(daemon, mask);
  const text = edited.text(path);
  if (text === null) return { ok: false, why: `${path} could not be read` };
  const after =
    found.kind === 'line'
      ? inLine(text, found.line, found.mask, mask)
      : inSettings(path, text, found.mask, mask);
  return after === null
    ? { ok: false, why: `${path} is not understood well enough to be edited: a person must do it` }
    : { ok: true, path, after };
}

function dropIn(daemon: string, mask: number): Edit {
  const value = mask.toString(8).padStart(4, '0');
  return {
    ok: true,
    path: `${UNITS}/${daemon}.service.d/${DROP_IN}`,
    after: `# Momentum's user reads what its daemons make.\n[Service]\nUMask=${value}\n`,
  };
}
