import { type TlsScope, tlsScopes } from '../evaluate/tls.js';
import { optionExists } from '../options/table.js';
import { placeOf } from './eval.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { type LoadFlags, load } from './load.js';

export interface TlsFlags extends LoadFlags {
  readonly momentum?: string;
  readonly format: string;
}

const COLUMNS = [
  ['protocols', 'tls_protocols'],
  ['ciphers', 'tls_ciphers'],
  ['certificate', 'tls_certificate'],
  ['key', 'tls_key'],
] as const;

/** Every scope that speaks TLS, or could, with the values in force and the line that decides each. */
export function tls(io: Io, path: string, flags: TlsFlags): number {
  const { config } = load(io, path, flags);
  if (flags.momentum !== undefined && optionExists('tls_protocols', flags.momentum) === false) {
    io.err(
      `warning: Momentum ${flags.momentum} does not know tls_protocols; it came with 3.6.6 and 4.1.0.2\n`,
    );
  }
  const scopes = tlsScopes(config, flags.momentum === undefined ? {} : { momentumVersion: flags.momentum });
  io.out(
    flags.format === 'json'
      ? `${JSON.stringify({ scopes: scopes.map(document) }, null, 2)}\n`
      : scopes.map(describe).join('\n'),
  );
  return EXIT.ok;
}

function document(scope: TlsScope): object {
  const { direction, path, label, at, enabled, posture, library } = scope;
  const settings = COLUMNS.map(([name, option]) => {
    const { value, set, origin, indeterminate, why, candidates } = scope.setting(option);
    return [
      name,
      { option, value, set, origin, indeterminate, why, ...(indeterminate ? { candidates } : {}) },
    ];
  });
  return { direction, scope: path, label, at, enabled, posture, library, ...Object.fromEntries(settings) };
}

function describe(scope: TlsScope): string {
  const off = scope.enabled ? '' : ', switched off';
  const rows = COLUMNS.map(([name, option]) => {
    const answer = scope.setting(option);
    const text = answer.indeterminate ? `indeterminate: ${answer.why}` : (answer.text ?? '-');
    return `  ${name.padEnd(12)} ${text.padEnd(40)} ${answer.text === null && !answer.set ? '' : placeOf(answer.origin)}`.trimEnd();
  });
  return `${scope.direction} ${scope.label}  (${scope.posture}, ${scope.library}${off})\n${rows.join('\n')}\n`;
}
