import { notServed } from '../knowledge/certificates/served.js';
import { accessOf, sameAccess } from '../knowledge/permissions/path-access.js';
import type { Step } from '../units/step.js';
import { areOfEachOther, fingerprintsAmong } from './key-pair.js';
import { messageOf } from './masking.js';
import { servicesDown } from './services-down.js';
import { type BackupRecord, liveSha256 } from './steps/kept-file.js';
import type { RunContext } from './steps/run-context.js';

type Replacing = Extract<Step, { kind: 'replace-files' }>;
type Indexed<S extends Step> = { readonly step: S; readonly index: number };

/** Why the node is not as the run made it; empty: every file, every access and every pair is. Listeners are asked by `listenersNotServing`. */
export function notAsAfter(steps: readonly Step[], context: RunContext): string[] {
  return [...steps.entries()].flatMap(([index, step]) => {
    if (step.kind === 'replace-files') {
      const made = madeBy(index, context);
      const other = step.files.filter(({ path }) => !isLive(context, path, made.get(path)));
      return [...other.map(({ path }) => `${path} is not as the run made it`), ...apart(step, context)];
    }
    if (step.kind === 'make-folder')
      return context.deps.files.lstat(step.path).ok ? [] : [`${step.path} is not there`];
    if (step.kind !== 'set-access') return [];
    return step.entries
      .filter(({ path, after }) => !hasAccess(context, path, after))
      .map(({ path }) => `owner or mode of ${path} is not as the run made it`);
  });
}

/** Paths of which a copy was made and that do not hold, or are not, what they were before the run. */
export function notAsBefore(context: RunContext): string[] {
  const acted = new Set(context.journal.records.flatMap((one) => (one.t === 'intent' ? [one.step] : [])));
  const first = new Map<string, BackupRecord>();
  for (const one of context.journal.records)
    if (one.t === 'backup' && acted.has(one.step) && !first.has(one.path)) first.set(one.path, one);
  return [...first.values()].flatMap(({ path, sha256, access }) => {
    if (!isLive(context, path, sha256)) return [path];
    return access === null || hasAccess(context, path, access) ? [] : [`owner or mode of ${path}`];
  });
}

/** Why listeners do not show a certificate that now stands in the files of the run; empty: they do, or none is known. */
export async function listenersNotServing(steps: readonly Step[], context: RunContext): Promise<string[]> {
  const fingerprints = replacing(steps).flatMap(({ step }) => fingerprintsAmong(contentsOf(step, context)));
  const wrong: string[] = [];
  for (const step of steps) {
    if (step.kind !== 'service' || !step.servedBefore || fingerprints.length === 0) continue;
    const { clock, net } = context.deps;
    const shown = { ...step.servedBefore, fingerprints };
    const seen = await notServed({ clock, net, signal: new AbortController().signal }, shown);
    const { host, port } = step.servedBefore.endpoint;
    if (seen !== null)
      wrong.push(
        seen.startsWith('closed')
          ? `${step.service} is down: nothing listens at ${host}:${port}`
          : `${step.service} at ${host}:${port} does not show the certificate of its file, it answered with ${seen}`,
      );
  }
  return wrong;
}

/** What is to be seen at the node of a run that came to no good end. Never throws: what cannot be seen is said. */
export async function seenNow(steps: readonly Step[], context: RunContext): Promise<string> {
  const said = [...steps.entries()].flatMap(([index, step]) => placesOf(step, index, context));
  try {
    said.push(...replacing(steps).flatMap(({ step }) => apart(step, context)));
    said.push(...(await listenersNotServing(steps, context)));
    said.push(...(await servicesDown(steps, context)));
  } catch (error) {
    said.push(messageOf(error));
  }
  if (steps.length === 0)
    said.unshift('what the run was about cannot be read, so that its files could not be inspected');
  return `Now: ${said.length === 0 ? 'nothing of it can be seen at the node' : said.join('; ')}`;
}

function placesOf(step: Step, index: number, context: RunContext): string[] {
  if (step.kind === 'replace-files') {
    const made = madeBy(index, context);
    return step.files.map(({ path, beforeSha256 }) => {
      if (isLive(context, path, beforeSha256)) return `${path} is as before`;
      return `${path} is ${isLive(context, path, made.get(path)) ? 'as the run made it' : 'neither as before nor known to be as the run made it'}`;
    });
  }
  if (step.kind !== 'set-access') return [];
  return step.entries
    .filter(({ path, before }) => !hasAccess(context, path, before))
    .map(({ path }) => `owner or mode of ${path} is not as before`);
}

/** A key and a certificate in the place of one step that are not of each other. */
function apart(step: Replacing, context: RunContext): string[] {
  if (areOfEachOther(contentsOf(step, context))) return [];
  return [`${step.files.map(({ path }) => path).join(' and ')} are not of each other`];
}

/** What can be read of the step's files. */
function contentsOf(step: Replacing, { deps }: RunContext): Buffer[] {
  return step.files.flatMap(({ path }) => {
    const read = deps.files.read(path);
    return read.ok ? [read.value] : [];
  });
}

function replacing(steps: readonly Step[]): Indexed<Replacing>[] {
  return [...steps.entries()].flatMap(([index, step]) =>
    step.kind === 'replace-files' ? [{ step, index }] : [],
  );
}

function madeBy(index: number, context: RunContext): ReadonlyMap<string, string> {
  return new Map(context.journal.of('stage', index).map((one) => [one.path, one.sha256]));
}

/** A file that cannot be read is not known to be anything. */
function isLive(context: RunContext, path: string, sha256: string | null | undefined): boolean {
  try {
    return sha256 !== undefined && liveSha256(context, path) === sha256;
  } catch {
    return false;
  }
}

function hasAccess({ deps }: RunContext, path: string, access: ReturnType<typeof accessOf>): boolean {
  const stat = deps.files.lstat(path);
  return stat.ok && sameAccess(accessOf(stat.value), access);
}
