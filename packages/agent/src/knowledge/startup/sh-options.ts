import type { ShellState } from './sh-state.js';
import { concat, known, type Text } from './sh-text.js';
import type { Tri } from './tri.js';

/** Options of set that change nothing of what is followed here. */
const PLAIN_LETTERS = /^[abhmvxBCEHPT]$/;
const PLAIN_NAMES =
  /^(allexport|braceexpand|emacs|errtrace|functrace|hashall|histexpand|history|ignoreeof|interactive-comments|monitor|noclobber|notify|physical|pipefail|verbose|vi|xtrace|nolog)$/;
const PATTERN_OPTIONS =
  /^(nullglob|failglob|dotglob|globstar|nocaseglob|nocasematch|extglob|globasciiranges)$/;

/** `set`. False: an option of which what comes after it depends, and that is not followed. */
export function setOptions(state: ShellState, args: readonly Text[] | null): boolean {
  if (args === null) {
    state.positional = null;
    return true;
  }
  const texts = args.map(known);
  for (let i = 0; i < texts.length; i += 1) {
    const text = texts[i];
    if (text === '--' || text === '-') {
      state.positional = args.slice(i + 1);
      return true;
    }
    const [, sign = '', letters = ''] = /^([-+])([a-zA-Z]+)$/.exec(text ?? '') ?? [];
    if (sign === '') {
      state.positional = args.slice(i);
      return text !== null || i > 0;
    }
    for (const letter of letters) {
      const isNamed = letter === 'o';
      if (isNamed) i += 1;
      if (!setOption(state, sign === '-', isNamed ? (texts[i] ?? '') : letter)) return false;
    }
    // `$-` shows them.
    const flags = state.variables.get('-');
    if (flags)
      state.variables.set(
        '-',
        sign === '-' ? concat(flags, { prefix: '', rest: 'any' }) : { prefix: 'i', rest: 'any' },
      );
  }
  return true;
}

function setOption(state: ShellState, isOn: boolean, option: string): boolean {
  if (option === 'e' || option === 'errexit') state.isErrexit = isOn;
  else if (option === 'u' || option === 'nounset') state.isNounset = isOn;
  else if (option === 'f' || option === 'noglob') state.hasOddPatterns = isOn;
  else return option === '' || PLAIN_LETTERS.test(option) || PLAIN_NAMES.test(option);
  return true;
}

/** `shopt`: how it ends. */
export function shoptOptions(state: ShellState, args: readonly Text[] | null, isLogin: boolean): Tri {
  const texts = args?.map(known) ?? [null];
  if (texts.join(' ') === '-q login_shell') return isLogin ? 'yes' : 'no';
  const changes = texts.some((text) => text === null || /^-[a-z]*[su]/.test(text));
  if (!changes)
    return texts.length === 2 && /^-q$/.test(texts[0] ?? '') && texts[1] === 'expand_aliases'
      ? 'yes'
      : 'unclear';
  if (texts.some((text) => text === null || PATTERN_OPTIONS.test(text))) state.hasOddPatterns = true;
  if (texts.some((text) => text === null || text === 'lastpipe')) state.hasLastpipe = true;
  return 'unclear';
}
