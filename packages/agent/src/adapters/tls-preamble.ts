import type { Duplex } from 'node:stream';
import type { ProbeRequest, Unseen } from '../ports/net.js';
import { errorCode } from './file-problems.js';
import { isWholeMessage, LDAP_STARTTLS, resultCode } from './ldap-starttls.js';

/** Longest answer that is read before TLS begins. */
export const PREAMBLE_BYTES_MAX = 16 * 1024;

/** PostgreSQL's SSLRequest: its length, and the number 80877103 in the place of a protocol version. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

type Refusal = Extract<Unseen, { kind: 'no-tls' | 'inconclusive' }>;

/** Says what has to be said before the handshake. Null: the other side is ready for it. */
export async function talkUntilTls(
  socket: Duplex,
  { preamble, ehloName }: Pick<ProbeRequest, 'preamble' | 'ehloName'>,
  where: string,
): Promise<Refusal | null> {
  if (preamble === 'none') return null;
  const heard = new Listener(socket);
  try {
    if (preamble === 'postgresql') return await askPostgresql(socket, heard, where);
    if (preamble === 'ldap') return await askLdap(socket, heard, where);
    const go = await askSmtp(socket, heard, where, () => 'STARTTLS', ehloName);
    return typeof go === 'string' ? null : go;
  } catch (error) {
    const why = error instanceof PreambleBroken ? error.message : errorCode(error);
    return { kind: 'inconclusive', detail: `${where}: ${why} before TLS began` };
  } finally {
    heard.stop();
  }
}

async function askPostgresql(socket: Duplex, heard: Listener, where: string): Promise<Refusal | null> {
  socket.write(SSL_REQUEST);
  const answer = await heard.until((bytes) => bytes.length > 0);
  // More than the one byte would be words that somebody put before the handshake (CVE-2021-23222).
  if (answer.length !== 1)
    return { kind: 'inconclusive', detail: `${where}: ${answer.length} bytes where PostgreSQL answers one` };
  const letter = answer.toString('latin1');
  if (letter === 'S') return null;
  if (letter === 'N')
    return { kind: 'no-tls', detail: `${where}: PostgreSQL says that it does not speak TLS` };
  return { kind: 'inconclusive', detail: `${where}: the answer to SSLRequest is not PostgreSQL's` };
}

/** RFC 4511, 4.14: an extended request; the answer's result code 0 means that TLS begins. */
async function askLdap(socket: Duplex, heard: Listener, where: string): Promise<Refusal | null> {
  socket.write(LDAP_STARTTLS);
  const code = resultCode(await heard.until(isWholeMessage));
  if (code === 0) return null;
  if (code === null)
    return { kind: 'inconclusive', detail: `${where}: the answer to StartTLS is not LDAP's` };
  // 1 operationsError, 51 busy, 52 unavailable: not now. Any other: it does not do it.
  return [1, 51, 52].includes(code)
    ? { kind: 'inconclusive', detail: `${where}: LDAP refuses StartTLS for now (code ${code})` }
    : { kind: 'no-tls', detail: `${where}: LDAP refuses StartTLS with code ${code}` };
}

/** Until the answer to `command`, which begins with 220 where it is a text. */
export async function askSmtp(
  socket: Duplex,
  heard: Listener,
  where: string,
  command: () => string,
  ehloName = 'localhost',
): Promise<Refusal | string> {
  const reply = async (say: string | null): Promise<string> => {
    if (say !== null) socket.write(`${say}\r\n`);
    const bytes = await heard.until((all) => /^\d{3} [^\n]*\n$|^\d{3}\r?\n$/m.test(lastLine(all)));
    return bytes.toString('latin1');
  };
  const greeting = await reply(null);
  if (!greeting.startsWith('220'))
    return { kind: 'inconclusive', detail: `${where}: greeted with ${greeting.slice(0, 3)}` };
  const offers = await reply(`EHLO ${ehloName}`);
  if (/^4\d\d/.test(offers))
    return { kind: 'inconclusive', detail: `${where}: EHLO is answered with ${offers.slice(0, 3)}` };
  if (!/^250[ -]STARTTLS\s*$/im.test(offers))
    return { kind: 'no-tls', detail: `${where}: SMTP without STARTTLS` };
  const go = await reply(command());
  if (go.startsWith('220')) return go;
  return { kind: 'no-tls', detail: `${where}: STARTTLS is offered and refused with ${go.slice(0, 3)}` };
}

function lastLine(all: Buffer): string {
  const text = all.toString('latin1');
  return text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
}

export class PreambleBroken extends Error {
  override readonly name = 'PreambleBroken';
}

/** Collects what comes until it is enough. Each `until` begins with nothing: SMTP here is strictly turn by turn. */
export class Listener {
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #end: string | null = null;
  readonly #socket: Duplex;
  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (this.#bytes.length > PREAMBLE_BYTES_MAX) this.#end = `more than ${PREAMBLE_BYTES_MAX} bytes`;
    this.#wake();
  };
  readonly #onClose = () => {
    this.#end ??= 'the connection was closed';
    this.#wake();
  };
  readonly #onError = (error: Error) => {
    this.#end ??= errorCode(error);
    this.#wake();
  };

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.on('close', this.#onClose);
    socket.on('error', this.#onError);
  }

  async until(isEnough: (bytes: Buffer) => boolean): Promise<Buffer> {
    while (!(this.#bytes.length > 0 && isEnough(this.#bytes))) {
      if (this.#end) throw new PreambleBroken(this.#end);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const enough = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return enough;
  }

  stop(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    this.#socket.off('close', this.#onClose);
    this.#socket.off('error', this.#onError);
  }
}
