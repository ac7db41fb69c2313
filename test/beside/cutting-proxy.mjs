#!/usr/bin/env node
// ProxyCommand of ssh: carries everything to a port of this host, and cuts the link after so many bytes of one direction
// (`up`: to the node, `down`: from it), the first so many times. Writes down at how many bytes each piece ended, and when.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, direction, after, log, times] = process.argv.slice(2);
const before = existsSync(log) ? readFileSync(log, 'utf8').split('begin').length - 1 : 0;
const limit = before < Number(times) ? Number(after) : Number.POSITIVE_INFINITY;
appendFileSync(log, 'begin\n');
const socket = connect(Number(port), '127.0.0.1');
const counts = { up: 0, down: 0 };

function carry(from, to, name) {
  from.on('data', (chunk) => {
    const room = name === direction ? limit - counts[name] : Number.POSITIVE_INFINITY;
    counts[name] += chunk.length;
    appendFileSync(log, `${name} ${counts[name]} ${Date.now()}\n`);
    if (chunk.length < room) return to.write(chunk);
    // What came until then is carried, and nothing more in either direction.
    to.write(chunk.subarray(0, room), () => {
      socket.destroy();
      process.exit(0);
    });
  });
}
carry(process.stdin, socket, 'up');
carry(socket, process.stdout, 'down');
process.stdin.on('end', () => socket.end());
socket.on('end', () => process.exit(0));
socket.on('error', () => process.exit(1));
process.stdout.on('error', () => process.exit(0));
