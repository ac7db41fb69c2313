import type { PlannedChange } from '@castellan/shared/model/plan';
import type { Draft, PlanContext, Planned } from '../../units/remediation.js';
import type { FileReplacement } from '../../units/step.js';
import { type CommitReads, planCommit } from './commit.js';
import { configEdit, type TextChange, VALIDATE_AND_RELOAD } from './config-edit.js';
import { localEdits } from './status.js';

export interface EditRequest {
  readonly slug: string;
  /** Ids of controls that are judged again; they stand in the commit's message. */
  readonly controls: readonly string[];
  readonly changes: readonly TextChange[];
  /** Why there is nothing to do, where `changes` is empty. */
  readonly none: string;
  /** How the running Momentum is known to have taken it, beside its own tool and the controls: a line each. */
  readonly verification: readonly string[];
  readonly effects?: readonly string[];
  /** Files that the configuration names, put in place before it is read. They are this node's own, and are not committed. */
  readonly files?: {
    readonly replacements: readonly FileReplacement[];
    readonly changes: readonly PlannedChange[];
    readonly contents: Draft['contents'];
  };
  /** What else is done before Momentum reads it: owners and modes. */
  readonly before?: Pick<Draft, 'steps' | 'changes'>;
  /** After it read it for the first time. */
  readonly afterReload?: Draft['steps'];
  readonly notes: readonly string[];
  /** What it lets somebody do who could not before. */
  readonly opens?: string | null;
}

/**
 * The plan of an edit of Momentum's configuration: in one way for every remediation that edits it. Checked against what
 * others have edited, validated by the product's own tool, read by the running Momentum, and committed last where it is
 * under version control (Manual, conf.manual.changes).
 */
export async function planConfigEdit(
  context: PlanContext<CommitReads>,
  request: EditRequest,
): Promise<Planned> {
  const { slug, controls, changes, none, files } = request;
  if (changes.length === 0 && !files) return { kind: 'nothing', why: none };
  const { params, look } = context;
  const local = await localEdits(context, params.text('localEdits') === 'keep');
  if (local.refusal !== null) return refused(local.refusal);
  const edit = configEdit(look.files, changes);
  if (!edit.ok) return refused(edit.why);
  const commit =
    edit.files.length > 0
      ? await planCommit(context, { slug, controls, files: edit.files, local })
      : { steps: [], changes: [], effects: [], verification: [], notes: [] };
  return {
    kind: 'draft',
    draft: {
      steps: [
        ...(request.before?.steps ?? []),
        ...(files ? [{ kind: 'replace-files', id: 'named files', files: files.replacements } as const] : []),
        ...(edit.files.length > 0
          ? [
              {
                kind: 'replace-files',
                id: 'configuration',
                files: edit.files,
                secretBackup: edit.holdsSecret,
              } as const,
            ]
          : []),
        ...VALIDATE_AND_RELOAD,
        ...(request.afterReload ?? []),
        ...commit.steps,
      ],
      changes: [
        ...(request.before?.changes ?? []),
        ...(files?.changes ?? []),
        ...edit.changes,
        ...commit.changes,
      ],
      effects: [
        'Momentum reads its configuration again (config reload); nothing is restarted',
        ...(request.effects ?? []),
        ...commit.effects,
      ],
      verification: [
        'validate_config says "Configuration valid"',
        ...request.verification,
        ...(controls.length > 0 ? [`${controls.join(', ')} ${controls.length > 1 ? 'pass' : 'passes'}`] : []),
        ...commit.verification,
      ],
      notes: [...request.notes, ...local.notes, ...commit.notes],
      contents: { ...files?.contents, ...edit.contents },
      ...(request.opens ? { opens: request.opens } : {}),
    },
  };
}

export function refused(why: string): Planned {
  return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why };
}
