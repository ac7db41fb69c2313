import { type Evaluation, parseCipherList, type TlsScope } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import { speakingScopes } from '../../knowledge/tls/scopes.js';
import type { Violation } from '../../units/control.js';

/** What one setting says: a fault, a doubt, or neither. */
export interface Judged {
  readonly fault: Violation | null;
  readonly doubt: string | null;
}

/** The cipher list of every scope that speaks TLS, each line once, however many scopes inherit it. */
export function ciphersOf(facts: Pick<Facts, 'momentumConfig' | 'momentumVersion'>): Judged[] {
  const byPlace = new Map<string, Judged>();
  for (const { main, scope } of speakingScopes(facts)) {
    const setting = scope.setting('tls_ciphers');
    const place = JSON.stringify(setting.set ? setting.origin : { main });
    if (!byPlace.has(place)) byPlace.set(place, judge(setting, scope));
  }
  return [...byPlace.values()];
}

function judge(setting: Evaluation, { label, library }: TlsScope): Judged {
  if (setting.indeterminate) return { fault: null, doubt: `tls_ciphers in ${label}: ${setting.why}` };
  if (!setting.set) return { fault: null, doubt: null };
  const text = setting.text ?? '';
  const problem = library === 'gnutls' ? gnutlsProblem(text) : opensslProblem(text);
  if (problem === null) return { fault: null, doubt: null };
  if (problem === 'unclear')
    return {
      fault: null,
      doubt: `tls_ciphers = "${text}" in ${label}: what it leaves of DHE is not known here`,
    };
  return {
    fault: {
      at: originOf(setting, label),
      found: `tls_ciphers = ${text}: ${problem}`,
      proposed: 'DHE ciphers left on',
    },
    doubt: null,
  };
}

function opensslProblem(text: string): string | null {
  const { dhe, ecdhe, excludesDhe } = parseCipherList(text);
  if (excludesDhe !== null && dhe === 'no') return `${excludesDhe} takes them away`;
  if (dhe === 'no' && ecdhe === 'no') return 'no cipher with an ephemeral key';
  return (dhe === 'no' && ecdhe === 'yes') || dhe === 'yes' ? null : 'unclear';
}

/** GnuTLS names key exchanges: `-DHE-RSA` takes one away. Bases other than NONE have both kinds. */
function gnutlsProblem(text: string): string | null {
  const tokens = text
    .toUpperCase()
    .split(':')
    .map((token) => token.trim());
  const gone = tokens.find((token) => /^[-!]DHE-RSA$/.test(token));
  if (gone !== undefined) return `${gone} takes them away`;
  if (tokens.some((token) => /^[-!]KX-ALL$/.test(token)) || tokens[0] === 'NONE')
    return tokens.some((token) => /^\+(ECDHE|DHE)-/.test(token))
      ? null
      : 'no key exchange with an ephemeral key';
  return null;
}

export function originOf({ origin }: Evaluation, scope: string): Place {
  return origin.kind === 'file' ? { file: origin.file, line: origin.line, scope } : { object: 'default' };
}
