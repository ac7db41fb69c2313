import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

export interface YamlFile {
  readonly root: YAMLMap;
  /** Where it is, for a person: `/etc/castellan/agent.yaml:4`. */
  at(node: unknown): string;
}

/** A settings file: a mapping that begins with `version: 1`. */
export function readYaml({ path, text }: { readonly path: string; readonly text: string }): Result<YamlFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const invalid = (line: number, what: string) =>
    err(casError('CAS_CONFIG_INVALID', `${path}:${line}: ${what}`));
  const [broken] = document.errors;
  if (broken) return invalid(broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0] ?? 'not YAML');
  const root: unknown = document.contents;
  if (!isMap(root)) return invalid(1, 'the settings are a mapping that begins with "version: 1"');
  if (root.get('version') !== 1) return invalid(1, '"version: 1" is missing');
  return ok({ root, at: (node) => `${path}:${lines.linePos(offsetOf(node)).line}` });
}

function offsetOf(node: unknown): number {
  return (node as Partial<Node> | null)?.range?.[0] ?? 0;
}

/** The name of a member of a mapping. */
export function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

/** A value of YAML as one of this language. */
export function plain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  const hasJson =
    typeof node === 'object' && node !== null && 'toJSON' in node && typeof node.toJSON === 'function';
  return hasJson ? (node.toJSON as () => unknown)() : node;
}
