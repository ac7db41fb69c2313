import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../testing/tree.js';
import { nodeExec } from './node-exec.js';

const SERVICE = 7100;
let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
  mkdirSync(tree.at('/opt/msys/bin'), { recursive: true, mode: 0o755 });
  writeFileSync(tree.at('/opt/msys/bin/tool'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
});
afterEach(() => tree.remove());

const run = (program = '/opt/msys/bin/tool') =>
  nodeExec(realpathSync(tree.root), { live: true }).run({ program, argv: [], timeoutMs: 10_000 });

// Only root has something to lose.
describe.skipIf(process.getuid?.() !== 0)('a program that another than root could exchange', () => {
  test.each([
    ['is its own', () => chownSync(tree.at('/opt/msys/bin/tool'), SERVICE, 0)],
    ['can be written by everybody', () => chmodSync(tree.at('/opt/msys/bin/tool'), 0o757)],
    [
      'can be written by its group',
      () => {
        chownSync(tree.at('/opt/msys/bin/tool'), 0, SERVICE);
        chmodSync(tree.at('/opt/msys/bin/tool'), 0o775);
      },
    ],
    ['stands in a folder of the service’s', () => chownSync(tree.at('/opt/msys/bin'), SERVICE, 0)],
    ['stands below one', () => chownSync(tree.at('/opt/msys'), SERVICE, 0)],
    ['stands in a folder that everybody writes in', () => chmodSync(tree.at('/opt/msys/bin'), 0o777)],
  ])('is not run when it %s', async (_, open) => {
    expect(await run()).toMatchObject({ kind: 'exited', stdout: 'ran\n' });
    open();
    expect(await run()).toMatchObject({
      kind: 'unstarted',
      problem: 'denied',
      detail: expect.stringMatching(/is not run: \/opt\/msys.* (written in|changed) by /),
    });
  });

  test('nor through a link of the service’s, though root’s program stands at its end', async () => {
    symlinkSync('/opt/msys/bin/tool', tree.at('/opt/msys/by-root'));
    expect(await run('/opt/msys/by-root')).toMatchObject({ kind: 'exited' });
    mkdirSync(tree.at('/home'));
    symlinkSync('/opt/msys/bin/tool', tree.at('/home/link'));
    lchownSync(tree.at('/home/link'), SERVICE, SERVICE);
    expect(await run('/home/link')).toMatchObject({ kind: 'unstarted', problem: 'denied' });
    symlinkSync('/opt/msys/bin/tool', tree.at('/home/roots'));
    chownSync(tree.at('/home'), SERVICE, SERVICE);
    expect(await run('/home/roots')).toMatchObject({ kind: 'unstarted', problem: 'denied' });
  });
});
