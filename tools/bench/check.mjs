// `castellan-agent check` of a node with 100,000 files in its configuration, against a C program that only asks each for
// its status, and against AIDE comparing modes and owners where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { fillConfiguration } from './large-tree.mjs';
import { median, report, round, say, wallMs } from './measure.mjs';

const RUNS = 5;
const FILES = 100_000;
const CHECK_FIXED_MS = 500;
const here = dirname(fileURLToPath(import.meta.url));
const agent = join(here, '../../packages/agent/bin/castellan-agent.js');

export async function benchCheck() {
  const dir = mkdtempSync(join(tmpdir(), 'castellan-bench-'));
  try {
    say(`laying a node with ${FILES} files`);
    const node = await layNode(join(dir, 'node'), { name: 'mta1.example.com' });
    const bare = [check(node.dir).ms, check(node.dir).ms];
    fillConfiguration(node.dir, FILES);
    const walk = join(dir, 'walk');
    wallMs('cc', ['-O2', '-o', walk, join(here, 'walk.c')]);
    const aide = aideOf(dir, node.dir);
    // The kernel would write what was laid while it is measured, of all three.
    wallMs('sync', []);
    const [ours, floor, theirs] = [[], [], []];
    for (let run = 0; run < RUNS; run += 1) {
      const walked = wallMs(walk, [node.dir]);
      if (Number(walked.stdout.split(' ')[0]) < FILES) throw new Error(`the floor saw ${walked.stdout}`);
      floor.push(walked.ms);
      ours.push(check(node.dir).ms);
      if (aide) theirs.push(aide().ms);
    }
    const [oursMs, floorMs] = [median(ours), median(floor)];
    report({
      measurement: 'check',
      files: FILES,
      runs: RUNS,
      medianMs: round(oursMs),
      withoutTheFilesMs: round(Math.min(...bare)),
      floor: 'C, fts(3)',
      floorMedianMs: round(floorMs),
      ratioBeyondFixed: round((oursMs - CHECK_FIXED_MS) / floorMs, 2),
      reach: `medianMs <= 2.5 * floorMedianMs + ${CHECK_FIXED_MS}`,
      ...(aide
        ? { aideMedianMs: round(median(theirs)), timesFasterThanAide: round(median(theirs) / oursMs) }
        : {}),
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A check that ended well; it must have said something of the permissions. */
function check(root) {
  const answer = wallMs(process.execPath, [agent, 'check', '--root', root, '--format', 'json']);
  if (!answer.stdout.includes('"MOM-PERM-001"')) throw new Error('the check said nothing of permissions');
  return answer;
}

/** AIDE over the same tree: modes, owners and groups; null where it is not installed. */
function aideOf(dir, root) {
  if (spawnSync('aide', ['--version']).status !== 0) return null;
  const [config, database] = [join(dir, 'aide.conf'), join(dir, 'aide.db')];
  writeFileSync(
    config,
    `database_in=file:${database}\ndatabase_out=file:${database}\nreport_url=stdout\n${root} p+u+g\n`,
  );
  say('AIDE makes its database');
  wallMs('aide', ['--config', config, '--init']);
  return () => wallMs('aide', ['--config', config, '--check']);
}
