import { type ConfigLine, wordsOf } from './lines.js';

/** One `<Macro name parameters>`: its lines with the names of its parameters in them. */
export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly ConfigLine[];
  readonly file: string;
  /** It stands where it may be passed over, or there are several. */
  readonly isDoubtful: boolean;
}

export const MACRO_PARAMETERS_MAX = 64;
export const MACRO_DEPTH_MAX = 16;
export const MACRO_USES_MAX = 1_000;
/** What all uses of macros together may take and give. */
export const EXPANDED_LENGTH_MAX = 8 * 1024 * 1024;

/** Lines between `<Macro …>` and its end, with the macros inside of it. Null: it goes on. */
export class MacroBody {
  readonly lines: ConfigLine[] = [];
  #inside = 0;

  /** True when this line is the end. */
  take(line: ConfigLine): boolean {
    if (/^<macro\s/i.test(line.text)) this.#inside += 1;
    if (/^<\/macro>/i.test(line.text)) {
      if (this.#inside === 0) return true;
      this.#inside -= 1;
    }
    this.lines.push(line);
    return false;
  }
}

/** The name and the parameters between `<Macro` and `>`; null: Apache does not take it so. */
export function macroHead(rest: string): { readonly name: string; readonly parameters: string[] } | null {
  const end = rest.lastIndexOf('>');
  if (end < 0 || rest.slice(end + 1).trim() !== '') return null;
  const [name, ...parameters] = wordsOf(rest.slice(0, end));
  const isFit =
    name !== undefined &&
    parameters.length <= MACRO_PARAMETERS_MAX &&
    parameters.every((one) => one !== '') &&
    new Set(parameters.map((one) => one.toLowerCase())).size === parameters.length;
  return isFit ? { name: name.toLowerCase(), parameters } : null;
}

/**
 * The lines of a macro with arguments in the place of its parameters: at each place the longest name that fits, and what
 * was put in is not looked into again. Null: they would be longer than `lengthMax`.
 */
export function expanded(
  macro: Macro,
  args: readonly string[],
  lengthMax: number,
): { readonly lines: ConfigLine[]; readonly length: number } | null {
  const pairs = macro.parameters
    .map((name, index) => ({ name, value: args[index] ?? '' }))
    .sort((a, b) => b.name.length - a.name.length);
  const firsts = new Set(pairs.map(({ name }) => name[0]));
  const lines: ConfigLine[] = [];
  let length = 0;
  for (const line of macro.body) {
    const parts: string[] = [];
    let from = 0;
    length += line.text.length;
    for (let at = 0; at < line.text.length && length <= lengthMax; ) {
      const pair = firsts.has(line.text[at])
        ? pairs.find(({ name }) => line.text.startsWith(name, at))
        : undefined;
      if (pair) {
        parts.push(line.text.slice(from, at), pair.value);
        length += pair.value.length;
        at += pair.name.length;
        from = at;
      } else at += 1;
    }
    if (length > lengthMax) return null;
    const text = [...parts, line.text.slice(from)].join('').trim();
    if (text !== '' && !text.startsWith('#')) lines.push({ ...line, text });
  }
  return { lines, length };
}
