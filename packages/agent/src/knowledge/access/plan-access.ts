import type { PlannedChange } from '@castellan/shared/model/plan';
import { recheckAll } from '../../units/recheck.js';
import type { Planned, Verified, VerifyContext } from '../../units/remediation.js';
import type { Step } from '../../units/step.js';
import { describeAccess, type OwnerNames } from '../permissions/path-access.js';
import type { Wanted, WantedChange } from './wish.js';

const NOTES_MAX = 10;
const NAMED_MAX = 5;

export const ACCESS_STEP = 'owners and modes';

/** The plan of a remediation that changes owners and modes only; `none`: why there is nothing to do. */
export function planAccess(
  { entries, notes }: Wanted,
  names: OwnerNames,
  { none, more = [] }: { readonly none: string; readonly more?: readonly string[] },
): Planned {
  if (entries.length === 0) {
    return notes.length === 0
      ? { kind: 'nothing', why: none }
      : { kind: 'refused', code: 'CAS_PLAN_REFUSED', why: notes.join('. ') };
  }
  return {
    kind: 'draft',
    draft: {
      steps: [accessStep(entries)],
      opens: opensOf(entries),
      changes: entries.map((entry) => accessChange(entry, names)),
      effects: ['nothing is restarted'],
      verification: ['inspected again, no owner or mode of these is wrong'],
      notes: [...notes, ...more],
      contents: {},
    },
  };
}

export function accessStep(entries: readonly WantedChange[]): Step {
  return {
    kind: 'set-access',
    id: ACCESS_STEP,
    entries: entries.map(({ path, identity, before, after }) => ({ path, identity, before, after })),
  };
}

/** What is opened is named with the very file that was inspected: another one under its name is another plan. */
export function accessChange(
  { path, identity, before, after, why, opensTo }: WantedChange,
  names: OwnerNames,
): PlannedChange {
  const which = opensTo === null ? '' : `, file ${identity.dev}:${identity.ino}`;
  return {
    kind: 'access',
    target: path,
    summary: opensTo === null ? why : `OPENS it to ${opensTo}: ${why}`,
    before: `${describeAccess(before, names)}${which}`,
    after: describeAccess(after, names),
  };
}

/** For the plan's first line; null: nobody can do more. */
export function opensOf(entries: readonly WantedChange[]): string | null {
  const opened = entries.filter(({ opensTo }) => opensTo !== null);
  const [first] = opened;
  if (!first) return null;
  const users = [...new Set(opened.map(({ opensTo }) => opensTo))].join(' and ');
  const more = opened.length === 1 ? '' : ` and ${opened.length - 1} more`;
  return `${first.path}${more} to ${users}`;
}

/**
 * By what is there now, as a new plan would see it: nothing may be left to do, and the controls must agree. What is left
 * to a person still fails, and is no reason to take the rest back.
 */
export async function verifyAccess(
  context: Pick<VerifyContext, 'recheck' | 'note'>,
  { entries, notes }: Wanted,
  controls: readonly string[],
): Promise<Verified> {
  if (entries.length > 0)
    return {
      ok: false,
      why: `still wrong: ${entries
        .slice(0, NAMED_MAX)
        .map(({ path }) => path)
        .join(', ')}`,
    };
  if (notes.length === 0) return recheckAll(context, controls);
  for (const note of notes.slice(0, NOTES_MAX)) context.note(note);
  const left: string[] = [];
  for (const id of controls) {
    const { status, summary } = await context.recheck(id);
    context.note(`${id}: ${status}. ${summary}`);
    if (status !== 'pass' && status !== 'not-applicable') left.push(`${id}: ${summary}`);
  }
  return { ok: true, left: left.length > 0 ? left : notes.slice(0, NOTES_MAX) };
}
