import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { Compile } from 'typebox/compile';
import { parseDocument } from 'yaml';
import { DEFAULTS, Settings } from './settings.js';

/** Where a value came from: `default`, `file /etc/...`, `environment CASTELLAN_DATA`. */
export interface OriginLine {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly origins: readonly OriginLine[];
}

type Tree = { [key: string]: unknown };

/** Defaults, then the file, then the environment. `file` is null when there is none. */
export function readSettings(
  file: { path: string; text: string } | null,
  environment: Readonly<Record<string, string | undefined>>,
): Result<ReadSettings> {
  const origins = new Map<string, string>();
  const merged = structuredClone(DEFAULTS) as unknown as Tree;
  for (const path of pathsOf(merged)) origins.set(path.join('.'), 'default');
  if (file) {
    const parsed = parseFile(file);
    if (!parsed.ok) return parsed;
    merge(merged, parsed.value, [], `file ${file.path}`, origins);
  }
  for (const path of pathsOf(DEFAULTS as unknown as Tree)) {
    const name = variableOf(path);
    const text = environment[name];
    if (text !== undefined)
      merge(merged, nested(path, readVariable(path, text)), [], `environment ${name}`, origins);
  }
  const validator = Compile(Settings);
  if (!validator.Check(merged)) {
    const first = validator.Errors(merged)[0];
    const where = (first?.instancePath ?? '').slice(1).replaceAll('/', '.');
    const origin = origins.get(where) ?? (file ? `file ${file.path}` : 'default');
    return err(
      casError(
        'CAS_CONFIG_INVALID',
        `${where || 'settings'}: ${first?.message ?? 'does not fit'}${extraOf(first)} (${origin})`,
      ),
    );
  }
  const lines = [...pathsOf(merged)].map((path) => ({
    path: path.join('.'),
    value: at(merged, path),
    origin: origins.get(path.join('.')) ?? 'default',
  }));
  return ok({ settings: merged, origins: lines });
}

/** `people.signInsPerMinute` is CASTELLAN_PEOPLE_SIGN_INS_PER_MINUTE. */
export function variableOf(path: readonly string[]): string {
  return `CASTELLAN_${path.map((step) => step.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()).join('_')}`;
}

function parseFile(file: { path: string; text: string }): Result<Tree> {
  const document = parseDocument(file.text);
  const [problem] = document.errors;
  if (problem) return err(casError('CAS_CONFIG_INVALID', `${file.path}: ${problem.message}`));
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return err(casError('CAS_CONFIG_INVALID', `${file.path}: a mapping is expected`));
  return ok(value as Tree);
}

function merge(
  target: Tree,
  source: Tree,
  path: readonly string[],
  origin: string,
  origins: Map<string, string>,
): void {
  for (const [key, value] of Object.entries(source)) {
    if (key === '__proto__') continue;
    const here = [...path, key];
    const known = target[key];
    if (isTree(known) && isTree(value)) {
      merge(known, value, here, origin, origins);
    } else {
      target[key] = value;
      origins.set(here.join('.'), origin);
    }
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* pathsOf(tree: Tree, path: readonly string[] = []): Generator<readonly string[]> {
  for (const [key, value] of Object.entries(tree)) {
    if (isTree(value)) yield* pathsOf(value, [...path, key]);
    else yield [...path, key];
  }
}

function at(tree: Tree, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (isTree(value) ? value[step] : undefined), tree);
}

function nested(path: readonly string[], value: unknown): Tree {
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Tree;
}

/** A variable is text: the kind of the default says how it is read. A list is separated by commas. */
function readVariable(path: readonly string[], text: string): unknown {
  const known = at(DEFAULTS as unknown as Tree, path);
  if (typeof known === 'number') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (typeof known === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (Array.isArray(known)) return text.split(',').map((part) => part.trim());
  return text;
}

function extraOf(problem: unknown): string {
  const { params } = (problem ?? {}) as { params?: { additionalProperties?: readonly string[] } };
  return params?.additionalProperties ? `: ${params.additionalProperties.join(', ')}` : '';
}
