import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';
const FIRST = 15_000;
const LAST = 32_000;
/** As wide as the choice must be to lie beside what the system gives out. */
const WIDTH_MIN = 4_000;
const PORT_MAX = 65_535;
const TRIES_MAX = 500;
/** Whoever took a port and has not come by then does not come any more. */
const CLAIM_MS = 3_600_000;

/**
 * Ports that are free, and that no other process of this kind is given for an hour: between the look and the use (a node
 * is laid first, and started later) lie minutes. They lie beside the ports that the system gives to outgoing connections.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

async function freePort(): Promise<number> {
  const [first, last] = choice(givenOut());
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const port = randomInt(first, last);
    if (isClaimed(port)) continue;
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port among ${TRIES_MAX} from ${first} to ${last}`);
}

/** First and last port that the system gives to whoever asks for any; null where it does not say. */
function givenOut(): readonly [number, number] | null {
  try {
    const [first = Number.NaN, last = Number.NaN] = readFileSync(RANGE_FILE, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return first <= last ? [first, last] : null;
  } catch {
    return null;
  }
}

/** Where ports are looked for, below or above those that are given out where there is room. */
export function choice(given: readonly [number, number] | null): readonly [number, number] {
  if (given === null || given[0] > LAST) return [FIRST, LAST];
  if (given[0] - WIDTH_MIN >= WIDTH_MIN) return [WIDTH_MIN, given[0]];
  if (PORT_MAX - given[1] >= WIDTH_MIN) return [given[1] + 1, PORT_MAX];
  return [FIRST, LAST];
}

/** Takes a port for this process, by a file that only one can make; true: somebody else has taken it. */
function isClaimed(port: number): boolean {
  const folder = join(tmpdir(), `castellan-ports-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const claim = join(folder, String(port));
  try {
    if (Date.now() - statSync(claim).mtimeMs > CLAIM_MS) rmSync(claim, { force: true });
  } catch {
    // Nobody has it.
  }
  try {
    writeFileSync(claim, '', { flag: 'wx' });
    return false;
  } catch {
    return true;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
