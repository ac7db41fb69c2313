import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TlsMaterial } from './tls-material.js';

const LINE_BYTES_MAX = 2048;

/** In the place of the ESMTP listener: EHLO, STARTTLS (RFC 3207), and no mail is taken. */
export function smtpDouble(hostname: string, material: () => TlsMaterial | null): Server {
  return createServer((socket) => {
    socket.write(`220 ${hostname} ESMTP stand-in (not Momentum)\r\n`);
    converse(socket, { hostname, material, isSecure: false });
  });
}

interface Conversation {
  readonly hostname: string;
  readonly material: () => TlsMaterial | null;
  readonly isSecure: boolean;
}

function converse(socket: Socket, conversation: Conversation): void {
  let kept = '';
  socket.on('error', () => socket.destroy());
  const listen = (chunk: Buffer) => {
    kept += chunk.toString('latin1');
    if (kept.length > LINE_BYTES_MAX) socket.destroy();
    for (let end = kept.indexOf('\n'); end !== -1; end = kept.indexOf('\n')) {
      const line = kept.slice(0, end).trim().toUpperCase();
      kept = kept.slice(end + 1);
      if (line === 'STARTTLS' && !conversation.isSecure) {
        socket.off('data', listen);
        startTls(socket, conversation);
        return;
      }
      answer(socket, line, conversation);
    }
  };
  socket.on('data', listen);
}

function answer(socket: Socket, line: string, { hostname, material, isSecure }: Conversation): void {
  const verb = line.split(' ')[0] ?? '';
  if (verb === 'EHLO')
    socket.write(
      `250-${hostname}\r\n${!isSecure && material() !== null ? '250-STARTTLS\r\n' : ''}250 ENHANCEDSTATUSCODES\r\n`,
    );
  else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
  else if (verb === 'HELO' || verb === 'NOOP' || verb === 'RSET') socket.write('250 2.0.0 ok\r\n');
  else if (verb === 'MAIL') socket.write('451 4.3.0 this is a stand-in and takes no mail\r\n');
  else socket.write('502 5.5.1 not here\r\n');
}

function startTls(socket: Socket, conversation: Conversation): void {
  const material = conversation.material();
  if (material === null) {
    socket.write('454 4.7.0 TLS is not set up\r\n');
    converse(socket, conversation);
    return;
  }
  socket.write('220 2.0.0 go ahead\r\n');
  const secure = new TLSSocket(socket, {
    isServer: true,
    // Momentum has DHE by default (Manual, conf.ref.tls_enable_dhe_ciphers), and Node without this has none.
    secureContext: createSecureContext({ ...material, dhparam: 'auto' }),
  });
  converse(secure, { ...conversation, isSecure: true });
}
