// A full permission scan, as the service's user meets it, against find printing mode, owner, size and time of each file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, report, round, say, wallMs } from './measure.mjs';

const RUNS = 7;
const FILES_PER_FOLDER = 25;
const child = join(dirname(fileURLToPath(import.meta.url)), 'scan-child.mjs');

export function benchScan() {
  for (const files of [20_000, 100_000]) measure(files);
}

function measure(fileCount) {
  const root = mkdtempSync(join(tmpdir(), 'castellan-bench-'));
  try {
    say(`making ${fileCount} files`);
    const made = makeTree(join(root, 'tree'), fileCount);
    const find = [];
    const scan = [];
    for (let run = 0; run < RUNS; run += 1) {
      const floor = wallMs('find', [join(root, 'tree'), '-printf', '%m %U %G %s %T@ %p\n']);
      const ours = wallMs(process.execPath, [child, root, '/tree']);
      const seen = JSON.parse(ours.stdout);
      if (seen.entriesSeen < made || floor.stdout.split('\n').length - 1 < made)
        throw new Error(`the scan saw ${seen.entriesSeen} of ${made}`);
      if (seen.denied !== Math.floor(fileCount / 1000))
        throw new Error(`the scan found ${seen.denied} denied files of ${fileCount / 1000}`);
      find.push(floor.ms);
      scan.push(ours.ms);
    }
    report({
      measurement: 'permission-scan',
      files: made,
      runs: RUNS,
      medianMs: round(median(scan)),
      minMs: round(Math.min(...scan)),
      floor: 'find -printf "%m %U %G %s %T@ %p\\n"',
      floorMedianMs: round(median(find)),
      ratio: round(median(scan) / median(find), 2),
      reach: 'ratio <= 3 at 100,000 files',
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Every thousandth file is one that the service's user cannot read, so that a scan that inspects nothing is noticed. */
function makeTree(root, fileCount) {
  let made = 0;
  for (let folder = 0; made < fileCount; folder += 1) {
    const path = join(root, `d${folder % 40}`, `e${folder}`);
    mkdirSync(path, { recursive: true });
    for (let i = 0; i < FILES_PER_FOLDER && made < fileCount; i += 1, made += 1) {
      writeFileSync(join(path, `f${i}.conf`), 'Option = value\n', {
        mode: made % 1000 === 999 ? 0o600 : 0o644,
      });
    }
  }
  return made;
}
