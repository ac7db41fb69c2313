import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TlsMaterial } from './tls-material.js';

/** PostgreSQL's protocol, "SSL Session Encryption": length 8, then this code; the answer is one byte, S or N. */
const SSL_REQUEST = 80877103;
const REQUEST_BYTES = 8;

/** In the place of PostgreSQL: speaks the preamble and TLS, and turns every session away. */
export function postgresqlDouble(material: TlsMaterial | null): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => greet(socket, material));
  });
}

function greet(socket: Socket, material: TlsMaterial | null): void {
  const request: Buffer | null = socket.read(REQUEST_BYTES);
  if (request?.readUInt32BE(4) !== SSL_REQUEST) {
    socket.end(refusal());
    return;
  }
  if (material === null) {
    socket.end('N');
    return;
  }
  socket.write('S');
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ ...material }),
  });
  secure.on('error', () => secure.destroy());
  secure.once('data', () => secure.end(refusal()));
}

/** An ErrorResponse with severity, SQLSTATE 57P03 (cannot connect now) and a message. */
function refusal(): Buffer {
  const fields = Buffer.from(
    'SFATAL\0C57P03\0MThis is a stand-in for PostgreSQL: it has no database.\0\0',
    'latin1',
  );
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
