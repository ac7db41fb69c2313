import type { FarAnswer } from './far-session.js';
import type { ShMeans } from './sh-hello.js';
import type { ShLink } from './sh-link.js';
import type { ShLooks } from './sh-looks.js';
import { inside } from './sh-places.js';
import { codeOf, isFolder, readShStat, type ShStat } from './sh-words.js';

/** Of what is said of a tree: some 100,000 entries. What is beyond is not seen, and it is told. */
export const TREE_BYTES_MAX = 16 * 1024 * 1024;
const ENTRY_BYTES = 256;
const ENTRIES_MAX = 200_000;

interface Entry {
  readonly below: string;
  readonly stat: ShStat;
}

/** Everything below a folder, in one exchange, in the words of the Perl program: (e, path below, stat), (p, path below, code). */
export async function walkBySh(
  { link, looks, means, msMax }: { link: ShLink; looks: ShLooks; means: ShMeans; msMax: number },
  path: string,
  limits: { readonly entriesMax: number; readonly depthMax: number; readonly skipNames: readonly string[] },
): Promise<FarAnswer> {
  const refused = (code: string, at: string): FarAnswer => ({ kind: 'refused', code, at: bytes(at) });
  const [place] = await looks.places().find([{ path, follow: true }]);
  if (!place) return refused('ESTALE', path);
  if (place.kind === 'problem') return refused(place.code, place.at);
  if (!isFolder(place.stat)) return refused('ENOTDIR', path);
  const entriesMax = Math.min(limits.entriesMax, ENTRIES_MAX);
  const bytesMax = Math.min(TREE_BYTES_MAX, 64 * 1024 + entriesMax * ENTRY_BYTES);
  const [items = []] = await link.exchange(
    [
      {
        kind: 'w',
        folder: looks.folderOf(place.levels),
        rest: [String(limits.depthMax), String(bytesMax)],
      },
    ],
    msMax,
  );
  const [, self, ...problems] = items;
  const own = readShStat(self?.head ?? '');
  if (!own || !self) return refused(codeOf(self?.head) ?? 'ESTALE', inside(place.levels));
  if (own.dev !== place.stat.dev || own.ino !== place.stat.ino) return refused('ESTALE', path);
  const isCut = self.bytes.length >= bytesMax;
  const skip = new Set(limits.skipNames.map((name) => bytesToName(Buffer.from(name))));
  const all = readTree(self.bytes, means.walk === 'printf', isCut);
  if (!all) throw link.broken('a tree is not told');
  const kept = all
    .filter(({ below }) => !below.split('/').some((name) => skip.has(name)))
    // A folder before what is in it, names by their bytes.
    .sort((one, other) => compare(one.below.replaceAll('/', '\0'), other.below.replaceAll('/', '\0')));
  const isDeeper = kept.some(
    ({ below, stat }) => isFolder(stat) && below.split('/').length >= limits.depthMax,
  );
  const told = kept.slice(0, entriesMax);
  const codes = problems.map(({ head }) => codeOf(head));
  if (codes.includes(null)) throw link.broken('a tree is not told');
  return {
    kind: 'answered',
    parts: [
      ...codes.flatMap((code) => [bytes('p'), bytes(''), bytes(code ?? '')]),
      ...told.flatMap(({ below, stat }) => [bytes('e'), bytes(`/${below}`), bytes(stat.text)]),
    ],
    end: [bytes(String(told.length)), bytes(isCut || isDeeper || told.length < kept.length ? '1' : '0')],
  };
}

/** `.//` stands before each path and can stand in none, whatever the names are. Null: something else was said. */
export function readTree(said: Buffer, isPrintf: boolean, isCut: boolean): Entry[] | null {
  const [first = '', ...rest] = said.toString('latin1').split(' .//');
  const entries: Entry[] = [];
  let status = first;
  for (const [index, text] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const end = text.lastIndexOf('\n');
    if (isLast && isCut) break;
    if (end < 0 || (isLast && end !== text.length - 1)) return null;
    const stat = readShStat(status, isPrintf);
    const below = text.slice(0, end);
    if (!stat) return null;
    // The folder itself.
    if (below !== '') entries.push({ below, stat });
    status = text.slice(end + 1);
  }
  return entries;
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function bytesToName(name: Buffer): string {
  return name.toString('latin1');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
