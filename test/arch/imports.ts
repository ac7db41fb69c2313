import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A source file's import: `from` and `to` are paths from the repository's root, without an ending for `to`. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly specifier: string;
}

export interface Rule {
  readonly unit: string;
  readonly may: readonly string[];
}

/** Source files of the packages that the rules are about; tests, a control's cases and generated output apart. */
export function sourceFiles(): string[] {
  return readdirSync(join(REPOSITORY, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter(
      (p) =>
        /^[a-z]+\/src\/.*\.tsx?$/.test(p) &&
        !/(\.test|\/cases)\.tsx?$/.test(p) &&
        !p.includes('node_modules'),
    )
    .map((p) => `packages/${p}`)
    .sort();
}

// Statements only: an import that stands in a string or a comment is not at the start of a line with this shape.
const IMPORT =
  /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^declare module ['"]([^'"]+)['"]/gm;

export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const to = targetOf(file, specifier);
    if (to) found.push({ from: file, to, specifier });
  }
  return found;
}

function targetOf(file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return relative(REPOSITORY, resolve(REPOSITORY, dirname(file), specifier));
  const own = /^@castellan\/([a-z]+)(?:\/(.*))?$/.exec(specifier);
  if (own) return `packages/${own[1]}/src/${own[2] ?? 'index'}`;
  return null;
}

/**
 * `agent/controls` of packages/agent/src/controls/x/control.ts; `agent/main.ts` of a file right under src. Of a folder
 * whose inner folders or files have rules of their own, the inner one: `agent/knowledge/tls`, `server/outbox/channel.ts`.
 */
export function unitOf(path: string, rules: readonly Rule[] = []): string {
  const match = /^packages\/([a-z]+)\/src\/([^/]+)(\/(?:([^/]+)\/)?)?([^/]*)/.exec(path);
  if (!match) return path;
  const [, pkg, first, isFolder, second, file = ''] = match;
  if (!isFolder) return `${pkg}/${(first ?? '').replace(/(\.[jt]sx?)?$/, '')}.ts`;
  const inner = `${pkg}/${first}/${second ?? file.replace(/(\.[jt]sx?)?$/, '.ts')}`;
  return rules.some(({ unit }) => unit === inner) ? inner : `${pkg}/${first}`;
}

export function readRules(text: string): Rule[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [unit = '', may = ''] = line.split('->').map((part) => part.trim());
      return { unit, may: may === '' ? [] : may.split(/\s+/) };
    });
}

export interface Findings {
  /** Imports that no rule permits. */
  readonly forbidden: readonly string[];
  /** Files that belong to no rule. */
  readonly unruled: readonly string[];
  /** Rules without a file, and permissions that nothing uses. */
  readonly idle: readonly string[];
  readonly importsSeen: number;
}

/** Holds every import against the rules. */
export function examine(files: readonly { path: string; text: string }[], rules: readonly Rule[]): Findings {
  const byUnit = new Map(rules.map((rule) => [rule.unit, rule]));
  const used = new Set<string>();
  const forbidden: string[] = [];
  const unruled: string[] = [];
  let importsSeen = 0;
  for (const { path, text } of files) {
    const unit = unitOf(path, rules);
    const rule = byUnit.get(unit);
    if (!rule) {
      unruled.push(path);
      continue;
    }
    used.add(unit);
    for (const item of importsOf(path, text)) {
      importsSeen += 1;
      const target = unitOf(item.to, rules);
      if (target === unit) continue;
      const permission = rule.may.find((name) => target === name || target.startsWith(`${name}/`));
      if (permission) used.add(`${unit} -> ${permission}`);
      else forbidden.push(`${path} imports ${item.specifier} (${unit} -> ${target})`);
    }
  }
  const idle = rules.flatMap((rule) => [
    ...(used.has(rule.unit) ? [] : [`${rule.unit}: no such file`]),
    ...rule.may
      .map((name) => `${rule.unit} -> ${name}`)
      .filter((permission) => used.has(rule.unit) && !used.has(permission)),
  ]);
  return { forbidden, unruled, idle, importsSeen };
}

export function readSources(): { path: string; text: string }[] {
  return sourceFiles().map((path) => ({ path, text: readFileSync(join(REPOSITORY, path), 'utf8') }));
}
