import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { NO_PERL, NO_SHELL, PERLS } from './first-line.js';
import { type Target, targetText } from './target.js';

/** Of what ssh and the node's shell say, so much is kept. */
export const WORDS_BYTES_MAX = 16 * 1024;
const LINES_TOLD = 3;

const HOST_KEY = /host key verification failed|host identification has changed|no .* host key is known/i;
const DENIED = /permission denied|too many authentication failures|no supported authentication/i;
const UNREACHED =
  /could not resolve|connection (refused|timed out|closed by|reset)|no route to host|network is unreachable|operation timed out|kex_exchange_identification|unable to negotiate|banner exchange/i;

interface Ending {
  readonly target: Target;
  readonly code: number | null;
  /** What the node printed before the marker. */
  readonly noise: string;
  /** What ssh itself said, and whatever else the node wrote to stderr. */
  readonly words: string;
}

/** Why there was no session, from the last words of everybody who had part in it. */
export function whyNoSession({ target, code, noise, words }: Ending): CasError {
  const where = targetText(target);
  const last = lastLines(words) || lastLines(noise) || `ssh ended with ${code ?? 'a signal'}`;
  if (noise.includes(NO_PERL))
    return casError(
      'CAS_BESIDE_NO_PERL',
      `${where}: there is no Perl that may be used. Looked for ${PERLS.join(', ')} (the last only where none but root may write in it and in the folders above). Without one a node is only inspected (check --host, doctor --host): plan, apply and run need it`,
    );
  if (noise.includes(NO_SHELL))
    return casError(
      'CAS_BESIDE_NO_PERL',
      `${where}: there is neither a Perl that may be used nor a POSIX shell (/usr/xpg4/bin/sh, /bin/sh)`,
    );
  if (HOST_KEY.test(words))
    return casError(
      'CAS_BESIDE_HOST_KEY',
      `${where}: the host's key is not the known one, or none is known. Compare its fingerprint with the node's own before it is put into the file of known hosts: ${last}`,
    );
  if (DENIED.test(words))
    return casError('CAS_BESIDE_DENIED', `${where}: the node does not accept the key: ${last}`);
  if (UNREACHED.test(words)) return casError('CAS_BESIDE_UNREACHABLE', `${where}: ${last}`);
  return casError(
    'CAS_BESIDE_PROTOCOL',
    `${where}: the session ended before the far program answered (exit ${code ?? 'by a signal'}): ${last}`,
  );
}

export function lastLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^@+$/.test(line));
  return lines.slice(-LINES_TOLD).join(' / ').slice(0, 600);
}
