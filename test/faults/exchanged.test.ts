import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { APACHE, DoubleNode } from './double-node.js';
import { carryOut, faultyCarrier } from './faulty-carrier.js';

const RENEW = { slug: 'certificate-renew', params: { service: 'ecconfigd' } };
const KEY = `${APACHE}/server.key`;
const SECRET = 'roots-own-canary-5TZ';
const EFFECTS_MAX = 200;
/** Two effects that follow one another have the same file between them: the race is run in test/races. */
const STRIDE = 2;
const LOOP_MS = 240_000;

/** In a folder of its own, which ecuser may rename in as it likes, as a stock node has it. */
async function lay(): Promise<DoubleNode> {
  const node = await DoubleNode.lay();
  chownSync(join(node.root, APACHE), 7100, 7100);
  mkdirSync(join(node.root, '/root'));
  writeFileSync(join(node.root, '/root/secret'), SECRET);
  chmodSync(join(node.root, '/root/secret'), 0o600);
  // A file of root's that stands where ecuser may rename it.
  writeFileSync(join(node.root, APACHE, 'of-root'), SECRET);
  chmodSync(join(node.root, APACHE, 'of-root'), 0o600);
  return node;
}

const TRAPS = {
  'a link to root’s file': (node: DoubleNode) =>
    symlinkSync(join(node.root, '/root/secret'), join(node.root, KEY)),
  'root’s file, renamed': (node: DoubleNode) =>
    renameSync(join(node.root, APACHE, 'of-root'), join(node.root, KEY)),
};

/** Every file that ecuser can read, wherever it stands. */
function readable(node: DoubleNode): string[] {
  return Object.keys(node.snapshot()).filter((path) => {
    const stat = lstatSync(join(node.root, path));
    const isOpen = stat.uid === 7100 || stat.gid === 7100 || (stat.mode & 0o007) !== 0;
    return stat.isFile() && isOpen && readFileSync(join(node.root, path), 'utf8').includes(SECRET);
  });
}

// Only root has something to lose.
describe.skipIf(process.getuid?.() !== 0)(
  'a key that ecuser exchanges in the middle of a renewal that fails',
  () => {
    test.each(Object.entries(TRAPS))(
      'for %s, before any effect, gives ecuser nothing of root’s',
      { timeout: LOOP_MS },
      async (_, trap) => {
        for (let n = 1; ; n += STRIDE) {
          expect(n).toBeLessThan(EFFECTS_MAX);
          const node = await lay();
          const run = node.run.bind(node);
          node.run = (request) => {
            const result = run(request);
            return request.program === '/etc/init.d/ecconfigd'
              ? { kind: 'exited', code: 1, stdout: '', stderr: '' }
              : result;
          };
          let count = 0;
          const { events } = await carryOut(
            faultyCarrier(node, (effect) => {
              if (effect !== 'state' && effect !== 'write') return;
              count += 1;
              if (count !== n) return;
              renameSync(join(node.root, KEY), join(node.root, `${KEY}.aside`));
              trap(node);
            }),
            RENEW.slug,
            RENEW.params,
          );
          const secret = lstatSync(join(node.root, '/root/secret'));
          expect([n, readable(node), secret.uid, secret.mode & 0o7777]).toEqual([n, [], 0, 0o600]);
          expect([n, events.at(-1)?.state]).toEqual([
            n,
            expect.stringMatching(/^(rolledBack|rollbackFailed|refused|stale)$/),
          ]);
          node.remove();
          if (count < n) return;
        }
      },
    );
  },
);
