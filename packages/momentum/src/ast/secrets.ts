import { parse } from '../syntax/parse.js';
import { type Tree, wordOf } from '../syntax/tree.js';
import { visit } from './scopes.js';

/** Where a secret stands in a text; the span is the secret's value alone. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** What kind of secret, for a person: `password in a connection string`. */
  readonly what: string;
  readonly inComment: boolean;
}

export const MASK = '********';

/** Connection strings: password= (pgsql, mysql), PWD= (odbc), x-bindpw= (ldap). Manual, modules.ds_core. */
const IN_TEXT = /\b(password|passwd|pwd|x-bindpw)=([^\s;&"'`,)]{1,1024})/gi;
const IN_URL = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"]{1,256}:([^\s:/@"]{1,256})@/gi;
/** Options whose whole value is a secret: outbound_smtp_auth_pass, xmpp_dialback_secret, auth_radius' secret ... */
const SECRET_OPTION = /^(.*_pass|.*_password|password|secret|.*_secret|http_basic_auth|gcm_authorization_token_id)$/i;

/** `$var` and `%{…}` are filled in when the string is used: nothing is written down (Manual, modules.ds_core). */
function isPlaceholder(text: string): boolean {
  return text === '' || text.startsWith('$') || text.includes('%{') || text === MASK;
}

export function secretSpans(source: Tree | string): SecretSpan[] {
  const tree = typeof source === 'string' ? parse(source).tree : source;
  const spans: SecretSpan[] = [];
  const add = (start: number, end: number, what: string, inComment: boolean): void => {
    if (isPlaceholder(tree.text.slice(start, end))) return;
    if (spans.some((s) => s.start < end && start < s.end)) return;
    spans.push({ start, end, line: tree.lines.position(start).line, what, inComment });
  };
  for (const token of tree.tokens) {
    if (token.kind !== 'string' && token.kind !== 'word' && token.kind !== 'comment') continue;
    const raw = tree.text.slice(token.start, token.end);
    for (const match of raw.matchAll(IN_TEXT)) {
      const end = token.start + match.index + match[0].length;
      add(end - (match[2] ?? '').length, end, `${match[1]?.toLowerCase()} in a connection string`, token.kind === 'comment');
    }
    for (const match of raw.matchAll(IN_URL)) {
      const end = token.start + match.index + match[0].length - 1;
      add(end - (match[1] ?? '').length, end, 'password in an address', token.kind === 'comment');
    }
  }
  visit(tree, (item) => {
    if (item.kind !== 'option' || item.value?.kind !== 'scalar') return;
    const name = wordOf(tree.text, item.name);
    if (!SECRET_OPTION.test(name)) return;
    const { token } = item.value;
    const quote = token.kind === 'string' ? 1 : 0;
    add(token.start + quote, token.end - (token.unclosed ? 0 : quote), `value of ${name}`, false);
  });
  return spans.sort((a, b) => a.start - b.start);
}

/** The same text with every secret's value replaced by one mask of fixed length; lines stay where they are. */
export function maskSecrets(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const span of secretSpans(text)) {
    parts.push(text.slice(at, span.start), MASK);
    at = span.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
