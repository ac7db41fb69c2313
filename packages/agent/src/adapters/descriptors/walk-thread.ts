// A thread beside a walk: it looks at the parts of a tree that the walk hands over, one at a time. A process has one table
// of descriptors for all of its threads, so a folder is handed over by its number, and no path is followed anew.
import { constants, openSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { nameOf } from './fd.js';
import { Walk } from './walk.js';
import { type PartAsked, type PartTold, PartWriter } from './walk-part.js';

const { port } = workerData;
port.on('message', (asked: PartAsked) => {
  const told = look(asked);
  port.postMessage(told, [told.numbers.buffer]);
});

function look({ fd, path, names, ...limits }: PartAsked): PartTold {
  const writer = new PartWriter();
  const walk = new Walk(writer, limits, null);
  try {
    // A descriptor of its own: whoever handed the folder over may close it at any time.
    walk.goInto(openSync(nameOf(fd), constants.O_RDONLY | constants.O_DIRECTORY), path, names);
    while (walk.step() !== 'end');
    return writer.told(walk.isTruncated);
  } finally {
    walk.close();
  }
}
