// A link that is slow, for what is measured from beside.
import { connect, createServer } from 'node:net';

/** Passes everything on to a port of this host, each way `ms` later. */
export function startDelay(port, ms) {
  const later = (from, to) => {
    from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), ms));
    from.on('close', () => setTimeout(() => to.destroy(), ms));
    from.on('error', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) socket.setNoDelay(true);
    later(near, far);
    later(far, near);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, stop: () => server.close() })),
  );
}
