import { constants } from 'node:os';
import type { FarAnswer } from './far-session.js';
import type { ShLink } from './sh-link.js';
import { codeOf, wordOf } from './sh-words.js';

const OUTPUT_BYTES_MAX = 1024 * 1024;
const SECONDS_MAX = 60;
const PROCESSES_MAX = 10_000;
/** On a busy node a hundred took a fifth of it. */
const PROCESSES_SECONDS = 50;
/** What a shell adds to the number of the signal. */
const SIGNALLED = 128;
const BEYOND_MS = 15_000;

/** Fields as of the Perl program's `E`: program, ms, bytes, stdin, how many of the rest are name and value, those, arguments. */
export async function runBySh(link: ShLink, fields: readonly Buffer[]): Promise<FarAnswer> {
  const [program, ms, kept, stdin, count, ...rest] = fields;
  const variables = Number(count);
  const pairs = rest.slice(0, variables);
  const env = Array.from({ length: variables / 2 }, (_, index) =>
    Buffer.concat([
      pairs[index * 2] ?? Buffer.alloc(0),
      Buffer.from('='),
      pairs[index * 2 + 1] ?? Buffer.alloc(0),
    ]),
  );
  const seconds = Math.max(1, Math.min(SECONDS_MAX, Math.ceil(Number(ms) / 1000)));
  const began = performance.now();
  const [items = []] = await link.exchange(
    [
      {
        kind: 'e',
        folder: [],
        rest: [
          String(Math.min(Number(kept), OUTPUT_BYTES_MAX)),
          String(seconds),
          wordOf(stdin ?? ''),
          String(env.length),
          ...[...env, program ?? '', ...rest.slice(variables)].map(wordOf),
        ],
      },
    ],
    seconds * 1000 + BEYOND_MS,
  );
  const told = (...end: (string | Buffer)[]): FarAnswer => ({
    kind: 'answered',
    parts: [],
    end: end.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)),
  });
  const heads = items.slice(1).map(({ head }) => head);
  const code = codeOf(heads[0]);
  if (code !== null) return told('unstarted', code, '', '');
  const status = Number(/^s(\d{1,3})$/.exec(heads.at(-1) ?? '')?.[1] ?? Number.NaN);
  const said = heads.slice(0, -1);
  if (Number.isNaN(status) || !said.every((line) => /^[oe] [0-9a-f]{2}(?: [0-9a-f]{2})*$/.test(line)))
    throw link.broken('a program is not told');
  const stream = (tag: string) =>
    Buffer.from(
      said.flatMap((line) => (line.startsWith(tag) ? [line.slice(2).replaceAll(' ', '')] : [])).join(''),
      'hex',
    );
  const streams = [stream('o'), stream('e')];
  if (status === 126) return told('unstarted', 'ENOEXEC', '', '');
  if (status <= SIGNALLED) return told('exited', String(status), ...streams);
  if (performance.now() - began >= seconds * 1000) return told('timeout', '', ...streams);
  const [signal = 'SIGKILL'] =
    Object.entries(constants.signals).find(([, number]) => number === status - SIGNALLED) ?? [];
  return told('signalled', signal, ...streams);
}

/** As of the Perl program's `P`: number, program, first argument, user, mask of each. */
export async function processesBySh(link: ShLink, msMax: number): Promise<FarAnswer> {
  const [items = []] = await link.exchange(
    [{ kind: 'p', folder: [], rest: [String(PROCESSES_MAX), String(PROCESSES_SECONDS)] }],
    msMax,
  );
  const parts: Buffer[] = [];
  let isCut = false;
  for (const [index, { head, bytes }] of items.entries()) {
    if (head === '!EMANY') isCut = true;
    const process = /^p(\d{1,10})$/.exec(head);
    if (!process) continue;
    const [, pid = ''] = process;
    const next = items[index + 1];
    const [, uid, mask = ''] =
      /^u\s*\d{1,10}\s+(\d{1,10})\s[\d\s]*m\s*([0-7]{0,4})$/.exec(next?.head ?? '') ?? [];
    // It ended meanwhile.
    if (uid === undefined || !next || bytes.length === 0) continue;
    const argument = next.bytes.toString('latin1').split('\0')[1] ?? '';
    const program = bytes.subarray(0, -1);
    parts.push(
      Buffer.from(pid),
      program,
      Buffer.from(argument, 'latin1'),
      Buffer.from(uid),
      Buffer.from(mask),
    );
  }
  return { kind: 'answered', parts, end: [Buffer.from(isCut ? '1' : '0')] };
}
