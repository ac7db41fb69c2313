import { type Config, evaluate, formatScope, parseBoolean, parseCipherList } from '@castellan/momentum';
import type { WantedOption } from '../../knowledge/eccfg/option-edits.js';
import { librariesOf, ownValues } from '../../knowledge/tls/own-values.js';

const SWITCH = 'TLS_Enable_DHE_Ciphers';
const CIPHERS = 'TLS_Ciphers';
/** Words of one list that take DHE away. */
const WORDS_MAX = 16;

export interface SwitchedOn {
  readonly options: readonly WantedOption[];
  /** Why a person must decide; null: nobody must. */
  readonly refusal: string | null;
}

/** What is to be set so that DHE is on: the switch, and the lists that take its ciphers away. */
export function switchedOn(config: Config): SwitchedOn {
  const options: WantedOption[] = [];
  let refusal: string | null = null;
  if (parseBoolean(evaluate(config, [], SWITCH).text ?? 'true') !== true)
    options.push({ path: [], option: SWITCH, value: 'true' });
  for (const library of librariesOf(config)) {
    const mend = library === 'gnutls' ? mendGnutls : mendOpenssl;
    for (const { path, text } of ownValues(config, library, CIPHERS)) {
      const value = mend(text);
      if (value === text) continue;
      if (value === null)
        refusal ??= `${formatScope(path) || 'the global scope'} names its ciphers one by one, and none has an ephemeral key ("${text}"): a person must choose which are added`;
      else options.push({ path, option: CIPHERS, value });
    }
  }
  return { options, refusal };
}

/** The list without the words that take DHE away; null: it never had an ephemeral key. */
function mendOpenssl(text: string): string | null {
  let mended = text;
  for (let count = 0; count < WORDS_MAX; count += 1) {
    const { dhe, ecdhe, excludesDhe } = parseCipherList(mended);
    if (dhe !== 'no' || (excludesDhe === null && ecdhe !== 'no')) return mended;
    if (excludesDhe === null) return null;
    mended = withoutToken(mended, excludesDhe);
  }
  return null;
}

function withoutToken(text: string, token: string): string {
  return text
    .split(':')
    .filter((word) => word.trim() !== token)
    .join(':');
}

function mendGnutls(text: string): string | null {
  return text
    .split(':')
    .filter((word) => !/^\s*[-!]DHE-RSA\s*$/i.test(word))
    .join(':');
}
