import { evaluate, optionInfo, print, type ScopeStep, scopeType } from '@castellan/momentum';
import { keepRunning, loadFromDisk, loadRunning } from '../../running/console-config.js';
import type { StandinNode } from '../../running/standin-node.js';
import { signalListener } from './plain-commands.js';

/** Scopes that have an instance name; every other one is anonymous (Manual, ecelerity.conf). */
const NAMED = new Set([
  'binding',
  'binding_group',
  'domain',
  'listen',
  'peer',
  'pathway',
  'pathway_group',
  'datasource',
  'scheme',
  'threadpool',
  'node',
]);

/** Manual, console_commands.config. */
export function configCommand(node: StandinNode, words: readonly string[]): string {
  const [verb = '', ...rest] = words;
  if (verb === 'reload') return reload(node);
  if (verb === 'get' || verb === 'eval') return value(node, verb, rest);
  if (verb === 'showrecurse' && rest.length === 0) return showAll(node);
  return `Unknown command: config ${words.join(' ')}\n`;
}

/**
 * Says nothing when it worked (ASSUMED: the pages show no answer), and `Reconfigure failed` when it did not; then the
 * old configuration keeps running (Manual, conf.manual.changes; install.security has the whole text).
 */
function reload(node: StandinNode): string {
  const loaded = loadFromDisk(node);
  if (!loaded.ok) return `${loaded.lines.join('\n')}\nReconfigure failed.\nGlobal configuration error.\n`;
  keepRunning(node, loaded.config);
  signalListener(node);
  return '';
}

function value(node: StandinNode, verb: 'get' | 'eval', words: readonly string[]): string {
  const { scope, option } = scopeOf(words);
  const name = optionInfo(option)?.name ?? option;
  const found = evaluate(loadRunning(node), scope, option);
  const isHere = found.set && found.origin.kind === 'file' && !isInherited(node, scope, option, found.text);
  if (verb === 'get' && !isHere)
    return `Option '${name}' is not set in scope '${scope.map(stepText).join('::')}'.\n`;
  // The page shows values of narrower scopes set in by eight blanks.
  const indent = verb === 'get' && scope.length > 0 ? '        ' : '';
  return `${indent}${name} = ${quoted(found.text ?? '')}\n`;
}

/** `get` looks in the scope alone: what its parent also says with nothing set here is inherited. */
function isInherited(
  node: StandinNode,
  scope: readonly ScopeStep[],
  option: string,
  text: string | null,
): boolean {
  if (scope.length === 0) return false;
  const here = evaluate(loadRunning(node), scope, option);
  const parent = evaluate(loadRunning(node), scope.slice(0, -1), option);
  return parent.set && parent.text === text && JSON.stringify(parent.origin) === JSON.stringify(here.origin);
}

function scopeOf(words: readonly string[]): { scope: ScopeStep[]; option: string } {
  const scope: ScopeStep[] = [];
  let at = 0;
  while (at < words.length - 1) {
    const type = words[at] ?? '';
    const isNamed = NAMED.has(type.toLowerCase());
    scope.push({ type: scopeType(type), name: isNamed ? (words[at + 1] ?? null) : null });
    at += isNamed ? 2 : 1;
  }
  return { scope, option: words[at] ?? '' };
}

function stepText({ type, name }: ScopeStep): string {
  return name === null ? type : `${type}:${name}`;
}

/** Numbers and plain words stand bare in the page's examples, everything else in quotes. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_]+$/.test(text) ? text : `"${text}"`;
}

/** Every file of the running configuration, one after the other. ASSUMED: the real one merges scopes and drops comments. */
function showAll(node: StandinNode): string {
  return loadRunning(node)
    .files.map((file) => print(file.tree))
    .join('');
}
