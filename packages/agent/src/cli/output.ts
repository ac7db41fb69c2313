import type { CasError } from '@castellan/shared/errors/cas-error';
import { visibleText } from '@castellan/shared/text/visible-text';

/** Where a command writes. Data goes to `out`; all else to `note`. */
export interface Output {
  out(text: string): void;
  note(text: string): void;
  readonly colour: boolean;
  readonly width: number;
}

/** The process's own streams. A reader that went away (`| head`) ends the command quietly, as with other tools. */
export function processOutput(): Output {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    out: (text) => void process.stdout.write(text),
    // Notes are not coloured: names and messages in them may be anybody's.
    note: (text) => void process.stderr.write(visibleText(text)),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    width: process.stdout.columns ?? 100,
  };
}

/** `castellan-agent: what is wrong (CODE)`, for stderr. */
export function errorLine(error: CasError): string {
  return `castellan-agent: ${error.detail} (${error.code})\n`;
}
