// A process beside a check: it walks the folder that it has open, and writes what the walk tells, frame by frame.
import { Socket } from 'node:net';
import { walkTree } from './walk.js';
import { FrameWriter } from './walk-frames.js';
import { BEAT_MS, CHILD_FOLDER, type WalkOrder } from './walk-order.js';

/** What nobody has taken yet. Whoever waits for so much walks itself. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;

const { path, ...limits }: WalkOrder = JSON.parse(process.argv[2] ?? '');
// Not process.stdout, whose writes wait for the reader: the check has other work until it needs the walk.
const out = new Socket({ fd: 1, readable: false, writable: true });
const giveUp = () => process.exit(1);
out.on('error', giveUp);
const writer = new FrameWriter(path, (bytes) => {
  out.write(bytes);
  if (out.writableLength > PENDING_BYTES_MAX) giveUp();
});
const beat = setInterval(() => writer.flush(), BEAT_MS);
const end = await walkTree({ fd: CHILD_FOLDER, path, isAlone: true }, writer, {
  ...limits,
  signal: new AbortController().signal,
});
clearInterval(beat);
writer.end(end);
out.end();
