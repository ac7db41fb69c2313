import { lchownSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { consoleBlocker } from './console-socket.js';

const [SERVICE, OTHER] = [7100, 7300];
let tree: TestTree;
let server: Server;
beforeEach(async () => {
  tree = new TestTree();
  tree.put('/etc/passwd', `ecuser:x:${SERVICE}:${SERVICE}::/:/bin/false\n`);
  mkdirSync(tree.at('/tmp'));
  server = createServer();
});
afterEach(() => {
  server.close();
  tree.remove();
});

const listen = () => new Promise<void>((done) => server.listen(tree.at('/tmp/2025'), done));

describe.skipIf(process.getuid?.() !== 0)('the console’s socket', () => {
  test.each([0, SERVICE])('of user %i is Momentum’s', async (uid) => {
    await listen();
    lchownSync(tree.at('/tmp/2025'), uid, uid);
    expect(consoleBlocker(tree.files)).toBeNull();
  });

  test('of anybody else is not: whoever is there first answers', async () => {
    await listen();
    lchownSync(tree.at('/tmp/2025'), OTHER, OTHER);
    expect(consoleBlocker(tree.files)).toMatch(/belongs to user 7300/);
  });

  test('a file or a link in its place is not either', () => {
    expect(consoleBlocker(tree.files)).toBeNull();
    tree.link('/etc/passwd', '/tmp/2025');
    expect(consoleBlocker(tree.files)).toMatch(/no socket/);
  });
});
