// Clients that shake hands with listeners all the time, in a process of their own.
//   node tools/renewals/clients.mjs PER_SECOND NAME=HOST:PORT[:postgres] ...
// One JSON line a handshake: { service, from, to, seen } with times in ms and seen the SHA-256 of the certificate, or how it
// failed. Ends when its input does.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

const HANDSHAKE_MS = 10_000;
/** At most so many at once of a service; a client that would be one more does not begin. */
const AT_ONCE_MAX = 50;
/** PostgreSQL's protocol, 55.7: length 8, request code 80877103; the answer is one byte. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const [perSecond, ...listeners] = process.argv.slice(2);
for (const listener of listeners) keepShaking(listener);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function keepShaking(listener) {
  const [service, place] = listener.split('=');
  const [host, port, preamble] = place.split(':');
  let atOnce = 0;
  const one = async () => {
    if (atOnce >= AT_ONCE_MAX) return say({ service, from: Date.now(), to: Date.now(), seen: 'not begun' });
    atOnce += 1;
    const from = Date.now();
    const seen = await handshake(host, Number(port), preamble === 'postgres');
    atOnce -= 1;
    say({ service, from, to: Date.now(), seen });
  };
  setInterval(one, 1000 / Number(perSecond));
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function handshake(host, port, isPostgres) {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const end = (seen) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => end('timeout'), HANDSHAKE_MS);
    const failed = (error) => end(error.code ?? 'failed');
    socket.on('error', failed);
    socket.on('close', () => end('closed'));
    const secure = () => {
      // Never resumed, and whoever signed it: what is asked is which certificate is served.
      const tls = connectTls({ socket, servername: 'mta1.example.com', rejectUnauthorized: false });
      tls.on('error', failed);
      tls.on('secureConnect', () =>
        end(tls.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase()),
      );
    };
    if (!isPostgres) return secure();
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (answer) => (answer.toString('latin1') === 'S' ? secure() : end('no TLS')));
  });
}
