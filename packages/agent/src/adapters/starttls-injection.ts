import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { InjectionResult, ProbeRequest } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { anyTls } from './tls-handshake.js';
import { askSmtp, Listener, PREAMBLE_BYTES_MAX, PreambleBroken } from './tls-preamble.js';

/** Answered with 250 wherever it is understood, and changes nothing (RFC 5321, 4.1.1.9). */
const INJECTED = 'NOOP';

/**
 * Says `STARTTLS` and `NOOP` in one packet, then QUIT inside TLS: whose first answer is to the NOOP has kept what was
 * said in clear text. Two commands and their order tell it, no waiting does.
 */
export async function injectCommand(
  socket: Duplex,
  { ehloName, servername }: ProbeRequest,
  where: string,
): Promise<InjectionResult> {
  const heard = new Listener(socket);
  let wasAsked = false;
  try {
    const go = await askSmtp(
      socket,
      heard,
      where,
      () => {
        wasAsked = true;
        return `STARTTLS\r\n${INJECTED}`;
      },
      ehloName,
    );
    if (typeof go !== 'string') return wasAsked ? { kind: 'rejected', detail: go.detail } : go;
    // The answer to the NOOP came before TLS: it was taken for what it was, clear text.
    if (go.trimEnd().includes('\n'))
      return { kind: 'rejected', detail: `${where}: answered before TLS began` };
  } catch (error) {
    const why = error instanceof PreambleBroken ? error.message : errorCode(error);
    return wasAsked && error instanceof PreambleBroken
      ? { kind: 'rejected', detail: `${where}: ${why} after STARTTLS with a command behind it` }
      : { kind: 'inconclusive', detail: `${where}: ${why} before STARTTLS` };
  } finally {
    heard.stop();
  }
  return askInside(socket, servername, where);
}

function askInside(socket: Duplex, servername: string | undefined, where: string): Promise<InjectionResult> {
  return new Promise((resolve) => {
    const tls: TLSSocket = connect(anyTls(socket, servername));
    const unclear = (why: string): InjectionResult => ({ kind: 'inconclusive', detail: `${where}: ${why}` });
    const settle = (result: InjectionResult) => {
      resolve(result);
      tls.destroy();
    };
    let text = '';
    tls.once('secureConnect', () => tls.write('QUIT\r\n'));
    tls.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length > PREAMBLE_BYTES_MAX) return settle(unclear('an endless answer'));
      const first = /^(\d{3})(?: [^\n]*)?\r?\n/m.exec(text)?.[1];
      if (first === '250') settle({ kind: 'carried-out' });
      else if (first === '221') settle({ kind: 'ignored' });
      else if (first !== undefined) settle(unclear(`QUIT is answered with ${first}`));
    });
    tls.on('error', (error) => settle(unclear(`the handshake failed (${errorCode(error)})`)));
    tls.once('close', () => settle(unclear('closed before an answer')));
  });
}
