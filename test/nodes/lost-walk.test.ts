import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { WalkAhead } from '../../packages/agent/src/adapters/descriptors/walk-ahead.js';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { FIRST_WALK } from '../../packages/agent/src/knowledge/momentum/first-walk.js';
import { laidNodes } from './node.js';

const newNode = laidNodes();
const FRAMES = new URL('../../packages/agent/dist/adapters/descriptors/walk-frames.js', import.meta.url);
const READABLE = 'MOM-PERM-002';

/** A walk of the configuration's folder that says of one file that it is there, and then this. */
function program(text: string): URL {
  const file = join(mkdtempSync(join(tmpdir(), 'castellan-lost-')), 'child.mjs');
  writeFileSync(
    file,
    `import { writeSync } from 'node:fs';
import { FrameWriter } from '${FRAMES.href}';
const writer = new FrameWriter('${FIRST_WALK.path}', (bytes) => writeSync(1, bytes));
const stat = { kind: 'file', uid: 7100, gid: 7100, mode: 0o640, sizeBytes: 7, mtimeMs: 1, ctimeMs: 1, dev: 1, ino: 1, nlink: 1 };
writer.entry('${FIRST_WALK.path}/default.conf', stat, '${FIRST_WALK.path}', 'default.conf');
${text}`,
  );
  return pathToFileURL(file);
}

async function judged(dir: string, child: URL | null) {
  const { signal } = new AbortController();
  const ahead = child && WalkAhead.begin(dir, FIRST_WALK, { program: child, entriesMin: 1 });
  expect(ahead === null).toBe(child === null);
  const { report, states } = await scanOnce({
    ports: nodePorts(dir, { live: false, probe: false, isAlone: true, ahead }),
    settings: { nodeName: null, assumeMomentum: null, live: false, probe: false },
    signal,
  });
  ahead?.end();
  const { status } = report.verdicts.find(({ control }) => control === READABLE) ?? {};
  return { status, tree: states.get('configTree'), report };
}

test('what the child of a check says is what is judged', async () => {
  const { dir } = newNode();
  const { status, tree } = await judged(dir, program(`writer.end({ isTruncated: false });`));
  expect(status).toBe('pass');
  expect(tree).toMatchObject({ value: { entriesSeen: expect.any(Number) } });
  const alone = await judged(dir, null);
  expect(alone.status).toBe('pass');
  expect(tree).not.toEqual(alone.tree);
});

test('a tree of which half was seen passes nothing', async () => {
  const { dir } = newNode();
  expect((await judged(dir, program('writer.flush();'))).status).toBe('indeterminate');
});
