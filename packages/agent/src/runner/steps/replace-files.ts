import { createPrivateKey, X509Certificate } from 'node:crypto';
import { parentOf } from '../../kit/access.js';
import type { FileReplacement, Step } from '../../kit/step.js';
import { backupName, backupsOf } from '../backups.js';
import { asideOf, backUp, liveSha256, putBack, removeIfThere, sha256 } from './kept-file.js';
import { mayHaveActed, type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

type ReplaceFiles = Extract<Step, { kind: 'replace-files' }>;

export const replaceFiles: StepRunner<ReplaceFiles> = {
  async apply(step, index, context) {
    for (const file of step.files) requireBefore(context, file);
    for (const { path } of step.files) backUp(context, index, path);
    const staged = new Map<string, Uint8Array>();
    for (const file of step.files) staged.set(file.path, await stage(context, index, file));
    requirePairs([...staged.values()]);
    for (const file of step.files) requireBefore(context, file);
    context.journal.append({ t: 'intent', step: index });
    for (const { path } of step.files) context.deps.writer.rename(asideOf(context, path, 'new'), path);
    for (const folder of new Set(step.files.map(({ path }) => parentOf(path))))
      context.deps.writer.syncDirectory(folder);
    context.tell(`replaced ${step.files.map(({ path }) => path).join(' and ')}`);
  },

  inspect(step, index, context): StepPlace {
    // Nothing of ours is in place yet: whoever changed a file meanwhile changed it from what it was.
    if (!mayHaveActed(index, context)) return 'before';
    const isMeant = context.journal.of('intent', index).length > 0;
    const staged = new Map(context.journal.of('stage', index).map((one) => [one.path, one.sha256]));
    const isReached = isMeant || keepsBackup(index, context);
    let place: StepPlace = 'before';
    for (const { path, beforeSha256 } of step.files) {
      const live = liveSha256(context, path);
      if (live === beforeSha256) continue;
      if (live !== null && live === staged.get(path)) place = 'touched';
      // Without its intent: ours, if it got so far that the lines which would say so are missing; else another's.
      else if (isMeant || (isReached && !staged.has(path))) return 'foreign';
    }
    return place;
  },

  undo(step, index, context) {
    discardStaged(index, context);
    if (replaceFiles.inspect(step, index, context) === 'touched')
      putBack(context, context.journal.of('backup', index));
  },

  async rerun() {
    // Files need nobody to run again; the steps that make services read them do.
  },
};

/** A copy lies in the state folder whatever the journal says: it is made before the file can be replaced. */
function keepsBackup(index: number, { deps, journal }: RunContext): boolean {
  return backupsOf(deps.state, journal.runId).includes(backupName(journal.runId, index, 0));
}

/** Takes away what this run wrote beside the files: a new key must not lie about, whoever changed what meanwhile. */
export function discardStaged(index: number, context: RunContext): void {
  const [first] = context.journal.records;
  const step = first?.t === 'run' ? first.steps[index] : undefined;
  if (step?.kind !== 'replace-files') return;
  // By the names that it gives, not by the lines that say so: the last of those may be missing.
  for (const { path } of step.files) {
    removeIfThere(context, asideOf(context, path, 'new'));
    removeIfThere(context, asideOf(context, path, 'old'));
  }
}

function requireBefore(context: RunContext, { path, beforeSha256 }: FileReplacement): void {
  if (liveSha256(context, path) !== beforeSha256)
    throw new StepFailed('CAS_PLAN_STALE', `${path} changed after the plan was made`);
}

async function stage(context: RunContext, index: number, file: FileReplacement): Promise<Uint8Array> {
  const content = await context.content(file.content);
  const temp = asideOf(context, file.path, 'new');
  context.journal.append({ t: 'stage', step: index, path: file.path, temp, sha256: sha256(content) });
  context.deps.writer.createExclusive(temp, content, file.access);
  return content;
}

/** A key and a certificate that are replaced together must be of each other, or the service would not come back. */
function requirePairs(contents: readonly Uint8Array[]): void {
  const texts = contents.map((content) => Buffer.from(content).toString('latin1'));
  const keys = texts.filter((text) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text));
  const certificates = texts.filter((text) => text.includes('-----BEGIN CERTIFICATE-----'));
  for (const key of keys) {
    for (const certificate of certificates) {
      if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
        throw new StepFailed(
          'CAS_RUN_STEP_FAILED',
          'the new certificate is not of the new key; nothing was replaced',
        );
      }
    }
  }
}
