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
import { carryOut, faultyExecutor } from './faulty-executor.js';

const RENEW = { slug: 'certificate-renew', params: { service: 'ecconfigd' } };
/** The second of the pair: between the check of both and its own backup lies the backup of the first. */
const EXCHANGED = `${APACHE}/server.crt`;
const SECRET = 'roots-own-canary-5TZ';
const EFFECTS_MAX = 200;
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
    symlinkSync('../../../root/secret', join(node.root, EXCHANGED)),
  'root’s file, renamed': (node: DoubleNode) =>
    renameSync(join(node.root, APACHE, 'of-root'), join(node.root, EXCHANGED)),
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
  'a file that ecuser exchanges in the middle of a renewal that fails',
  () => {
    test.each(Object.entries(TRAPS))(
      'for %s, before any effect, gives ecuser nothing of root’s',
      { timeout: LOOP_MS },
      async (_, trap) => {
        for (let n = 1; ; n += 1) {
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
            faultyExecutor(node, (effect) => {
              if (effect !== 'state' && effect !== 'write') return;
              count += 1;
              const at = join(node.root, EXCHANGED);
              if (count === n) {
                renameSync(at, `${at}.aside`);
                trap(node);
              }
              // And back again at once, so that every check before and after is content.
              if (count === n + 1) renameSync(`${at}.aside`, at);
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
