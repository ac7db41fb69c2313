import type { FileReader } from '../../ports/files.js';
import type { Definitions, Truth } from './definitions.js';
import { nextWord } from './lines.js';

export interface Answer {
  readonly holds: Truth;
  /** Where `holds` is `maybe`: what is not known. */
  readonly why: string;
}

/** What a condition is answered from. */
export interface Known {
  readonly files: FileReader;
  readonly definitions: Definitions;
  readonly modules: Modules;
  /** Null: the ServerRoot is not known. */
  absolute(path: string): string | null;
}

/** Modules by the name that `mod_NAME.c` and `NAME_module` have in common. */
export class Modules {
  readonly #loaded = new Map<string, Truth>();

  /** `compiledIn`: modules that must be part of httpd, because it takes their directives and loads them nowhere. */
  constructor(private readonly compiledIn: ReadonlySet<string>) {}

  load(identifier: string, isCertain: boolean): void {
    const name = moduleName(identifier);
    this.#loaded.set(name, isCertain || this.#loaded.get(name) === 'yes' ? 'yes' : 'maybe');
    if (isCertain) this.#loaded.set('so', 'yes');
  }

  names(): ReadonlySet<string> {
    return new Set(this.#loaded.keys());
  }

  has(given: string): Truth {
    const name = moduleName(given);
    if (name === 'core' || name === 'http_core' || this.compiledIn.has(name)) return 'yes';
    return this.#loaded.get(name) ?? 'maybe';
  }
}

function moduleName(given: string): string {
  return given
    .replace(/\.c$/, '')
    .replace(/_module$/, '')
    .replace(/^mod_/, '')
    .replace(/^mpm_/, '');
}

/** Whether a condition holds. `rest` is what stands behind its name, with the `>`. */
export function conditionHolds(section: string, rest: string, known: Known): Answer {
  const maybe = (why: string): Answer => ({ holds: 'maybe', why });
  const { word, next } = nextWord(rest);
  const isWhole = next >= rest.length && word.endsWith('>') && word.length > 1;
  if (section === 'ifversion') return maybe('which version of httpd this is stands in no file');
  if (section === 'ifdirective' || section === 'ifsection')
    return maybe('which directives httpd knows stands in no file');
  if (!isWhole) return maybe('Apache does not take the condition so');
  const resolved = known.definitions.resolve(word.slice(0, -1));
  if (resolved.doubt !== null) return maybe(resolved.doubt);
  const isNegated = resolved.text.startsWith('!');
  const name = isNegated ? resolved.text.slice(1) : resolved.text;
  const answer = plain(section, name, known);
  if (!isNegated || answer.holds === 'maybe') return answer;
  return { holds: answer.holds === 'yes' ? 'no' : 'yes', why: answer.why };
}

function plain(section: string, name: string, known: Known): Answer {
  const told = name.slice(0, 64);
  if (section === 'ifdefine')
    return {
      holds: known.definitions.isDefined(name),
      why: `whether ${told} is defined is in no file that was read: -D ${told} may be given at the start`,
    };
  if (section === 'ifmodule')
    return { holds: known.modules.has(name), why: `whether httpd has ${told} is in no file that was read` };
  const path = known.absolute(name);
  const stat = path === null ? null : known.files.stat(path);
  const holds = stat?.ok
    ? 'yes'
    : stat?.problem === 'missing' || stat?.problem === 'not-directory'
      ? 'no'
      : 'maybe';
  return { holds, why: `whether ${told} is there could not be inspected` };
}
