import { formatScope, type ScopeStep, textOf } from '../ast/scopes.js';
import { evaluate } from '../evaluate/evaluate.js';
import { type Assignment, modelOf, type Scope, scopeAt } from '../evaluate/model.js';
import { type Config, type ConfigFile, loadConfig, type Loader } from '../files/load.js';
import { optionInfo } from '../options/table.js';
import type { ScopeNode } from '../syntax/tree.js';
import { applyEdits, type TextEdit } from '../text/edit.js';

export interface EditedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly TextEdit[];
}

export type EditResult =
  | { readonly ok: true; readonly files: readonly EditedFile[]; readonly unchanged: boolean }
  | { readonly ok: false; readonly why: string };

/**
 * Sets an option in a scope: the value of the assignment that counts there is replaced, or a line is added to the scope,
 * or the scope is added. Only the needed characters change. Refused where the edited text would not evaluate to the value.
 */
export function setOption(config: Config, scope: readonly ScopeStep[], option: string, value: string): EditResult {
  const name = option.toLowerCase();
  const target = scopeAt(modelOf(config), scope);
  const current = target?.options.get(name)?.at(-1);
  if (current && textOf(current.value) === value) return { ok: true, files: [], unchanged: true };
  const change = current ? replaceValue(current, value) : addLine(config, scope, target, option, value);
  if ('why' in change) return { ok: false, why: change.why };
  const result = editedFile(change.file, change.edits);
  const after = evaluate(reload(config, result), scope, name);
  if (after.text !== value || after.indeterminate) {
    const reason = after.origin.kind === 'file' ? `${after.origin.file}:${after.origin.line} still decides` : after.why;
    return { ok: false, why: `the edit of ${change.file.path} would not take effect in ${formatScope(scope)}: ${after.indeterminate ? after.why : reason}` };
  }
  return { ok: true, files: [result], unchanged: false };
}

/** Removes every assignment of the option in that scope, with its line where it stands alone on it. */
export function unsetOption(config: Config, scope: readonly ScopeStep[], option: string): EditResult {
  const assignments = scopeAt(modelOf(config), scope)?.options.get(option.toLowerCase()) ?? [];
  if (assignments.length === 0) return { ok: true, files: [], unchanged: true };
  const byFile = new Map<ConfigFile, TextEdit[]>();
  for (const { placed } of assignments) {
    if (placed.file.readOnly) return { ok: false, why: `${placed.file.path} is read-only for Momentum: it is included by readonly_include or more than once` };
    const edits = byFile.get(placed.file) ?? [];
    edits.push(wholeLine(placed.file.text, placed.node.start, placed.node.end));
    byFile.set(placed.file, edits);
  }
  return { ok: true, files: [...byFile].map(([file, edits]) => editedFile(file, edits)), unchanged: false };
}

interface Change {
  readonly file: ConfigFile;
  readonly edits: readonly TextEdit[];
}

function replaceValue(current: Assignment, value: string): Change | { readonly why: string } {
  const { file, node } = current.placed;
  if (file.readOnly) return { why: `${file.path} is read-only for Momentum: it is included by readonly_include or more than once` };
  if (!node.value) return { why: `${file.path}:${current.line} has no value to replace` };
  const wasBare = node.value.kind === 'scalar' && node.value.token.kind === 'word';
  const content = wasBare && isBareWord(value) ? value : literal(node.name.kind === 'string' ? '' : textOfName(file, node.name), value);
  return { file, edits: [{ start: node.value.start, end: node.value.end, content }] };
}

function textOfName(file: ConfigFile, token: { readonly start: number; readonly end: number }): string {
  return file.text.slice(token.start, token.end);
}

/** A list option's value is written as a list; anything else in double quotes. */
function literal(option: string, value: string): string {
  if (optionInfo(option)?.type === 'list') return `( ${value.split(/\s+/).filter(Boolean).map(quote).join(' ')} )`;
  return isPlain(value) ? value : quote(value);
}

function isBareWord(value: string): boolean {
  return /^[A-Za-z0-9_.:+-]+$/.test(value);
}

function isPlain(value: string): boolean {
  return /^([0-9]+|true|false|on|off|enabled|disabled)$/i.test(value);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
}

function addLine(config: Config, scope: readonly ScopeStep[], target: Scope | null, option: string, value: string): Change | { readonly why: string } {
  const line = `${option} = ${literal(option, value)}`;
  if (scope.length === 0) return addGlobal(config, line);
  const opening = [...(target?.openings ?? [])].reverse().find((o) => !o.file.readOnly && o.node.close !== null);
  if (opening) return { file: opening.file, edits: [insertInScope(opening.file, opening.node, line)] };
  if (target && target.openings.length > 0) return { why: `${formatScope(scope)} is opened only in files that Momentum reads as read-only` };
  const missing = scope.findIndex((_, i) => scopeAt(modelOf(config), scope.slice(0, i + 1)) === null);
  const inner = scope.slice(missing).reduceRight((body, step) => wrap(step, body), line);
  return addLineBlock(config, scope.slice(0, missing), inner);
}

function wrap(step: ScopeStep, body: string): string {
  const head = step.name === null ? step.type : `${step.type} ${quote(step.name)}`;
  return `${head} {\n${body.split('\n').map((l) => `  ${l}`).join('\n')}\n}`;
}

function addLineBlock(config: Config, outer: readonly ScopeStep[], block: string): Change | { readonly why: string } {
  if (outer.length === 0) return addGlobal(config, block, 'end');
  const scope = scopeAt(modelOf(config), outer);
  const opening = [...(scope?.openings ?? [])].reverse().find((o) => !o.file.readOnly && o.node.close !== null);
  if (!opening) return { why: `${formatScope(outer)} cannot be edited` };
  return { file: opening.file, edits: [insertInScope(opening.file, opening.node, block)] };
}

/** In the main file: an option before the first scope, beside the other options; a scope at the end. */
function addGlobal(config: Config, block: string, place: 'options' | 'end' = 'options'): Change | { readonly why: string } {
  const file = config.files.find((f) => f.path === config.main);
  if (!file || file.readOnly) return { why: `${config.main} cannot be edited` };
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
  const text = block.replaceAll('\n', eol);
  if (place === 'options') {
    const before = file.tree.items.filter((item) => item.kind === 'option');
    const lastOption = before.at(-1);
    if (lastOption) {
      const end = endOfLine(file.text, lastOption.end);
      return { file, edits: [{ start: end, end, content: `${eol}${text}` }] };
    }
  }
  const { length } = file.text;
  const gap = length === 0 || file.text.endsWith('\n') ? '' : eol;
  return { file, edits: [{ start: length, end: length, content: `${gap}${text}${eol}` }] };
}

/** Before the scope's closing brace, with the indentation of what is in it already. */
function insertInScope(file: ConfigFile, node: ScopeNode, block: string): TextEdit {
  const { text } = file;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const close = node.close?.start ?? node.end;
  const outer = indentationAt(text, node.start);
  const sibling = node.items.find((item) => item.kind !== 'junk');
  const ownLine = sibling && file.tree.lines.position(sibling.start).line !== file.tree.lines.position(node.open.start).line;
  const indent = ownLine && sibling ? indentationAt(text, sibling.start) : `${outer}  `;
  const body = block.split('\n').map((l) => `${indent}${l}`).join(eol);
  const lineOfClose = text.lastIndexOf('\n', close - 1) + 1;
  const isCloseAlone = text.slice(lineOfClose, close).trim() === '' && lineOfClose > node.open.start;
  if (isCloseAlone) return { start: lineOfClose, end: lineOfClose, content: `${body}${eol}` };
  // `x { a = 1 }` on one line, or an empty body: the brace goes to a line of its own.
  const from = node.items.at(-1)?.end ?? node.open.end;
  const between = text.slice(from, close);
  return between.trim() === ''
    ? { start: from, end: close, content: `${eol}${body}${eol}${outer}` }
    : { start: close, end: close, content: `${eol}${body}${eol}${outer}` };
}

function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline === -1 ? text.length : newline;
  return end > offset && text.charAt(end - 1) === '\r' ? end - 1 : end;
}

function wholeLine(text: string, start: number, end: number): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const after = lineEnd === -1 ? text.length : lineEnd + 1;
  const isAlone = text.slice(lineStart, start).trim() === '' && /^[ \t\r\n]*(#[^\n]*\n?)?$/.test(text.slice(end, after));
  return isAlone ? { start: lineStart, end: after, content: '' } : { start, end, content: '' };
}

function editedFile(file: ConfigFile, edits: readonly TextEdit[]): EditedFile {
  return { path: file.path, before: file.text, after: applyEdits(file.text, edits), edits };
}

/** The configuration with one file's text changed: what Momentum would read after the edit. */
export function reload(config: Config, edited: EditedFile): Config {
  const texts = new Map(config.files.map((f) => [f.path, f.path === edited.path ? edited.after : f.text]));
  const unread = new Map(config.unread.map((u) => [u.path, u]));
  const folders = foldersOf([...texts.keys(), ...unread.keys()]);
  const loader: Loader = {
    read(path) {
      const text = texts.get(path);
      if (text !== undefined) return { ok: true, text };
      const known = unread.get(path);
      return { ok: false, problem: known?.problem ?? 'missing', detail: known?.detail ?? path };
    },
    list: (path) => folders.get(path.replace(/\/$/, '')) ?? null,
  };
  return loadConfig(loader, config.main);
}

/** Folders as far as the files that were read name them: what was not read then cannot be read now. */
function foldersOf(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash);
    folders.set(folder, [...(folders.get(folder) ?? []), path.slice(slash + 1)]);
  }
  return folders;
}

