import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WalkAhead } from '../../packages/agent/src/adapters/descriptors/walk-ahead.js';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { FIRST_WALK } from '../../packages/agent/src/knowledge/momentum/first-walk.js';
import { laidNodes } from './node.js';

const newNode = laidNodes();
const READABLE = 'MOM-PERM-002';
const SAYS_ONE_FILE = `printf 'default.conf\\0001 f 640 7100 7100\\000'`;

/** Instead of find(1). */
function program(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'castellan-find-')), 'find');
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function judged(dir: string, find: string | null) {
  const { signal } = new AbortController();
  const ahead = find === null ? null : WalkAhead.begin(dir, FIRST_WALK, { find, entriesMin: 1 });
  expect(ahead === null).toBe(find === null);
  const { report, states } = await scanOnce({
    ports: nodePorts(dir, { live: false, probe: false, isAlone: true, ahead }),
    settings: { nodeName: null, assumeMomentum: null, live: false, probe: false },
    signal,
  });
  ahead?.end();
  const { status } = report.verdicts.find(({ control }) => control === READABLE) ?? {};
  const { verdicts } = report;
  return { status, tree: states.get('configTree'), verdicts };
}

test('what find says is what is judged', async () => {
  const { dir } = newNode();
  const { status, tree } = await judged(dir, program(SAYS_ONE_FILE));
  expect(status).toBe('pass');
  expect(tree).toMatchObject({ value: { entriesSeen: expect.any(Number) } });
  const alone = await judged(dir, null);
  expect(alone.status).toBe('pass');
  expect(tree).not.toEqual(alone.tree);
});

test('a node is judged the same by find and without it', async () => {
  const { dir } = newNode();
  chmodSync(join(dir, FIRST_WALK.path, 'default/ecelerity.conf'), 0o600);
  const alone = await judged(dir, null);
  expect((await judged(dir, 'find')).verdicts).toEqual(alone.verdicts);
});

test('half of a tree passes nothing: it is walked again', async () => {
  const { dir } = newNode();
  const alone = await judged(dir, null);
  for (const end of ['exit 1', 'kill -KILL $$', `echo "find: './default': Permission denied" >&2`])
    expect((await judged(dir, program(`${SAYS_ONE_FILE}; ${end}`))).verdicts).toEqual(alone.verdicts);
});
