import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '@castellan/momentum';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { caseMomentumConfig } from '../../../testing/cases/config.js';
import { nodeFiles } from '../../adapters/node-files.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

const CONF = '/opt/msys/ecelerity/etc/conf/default';
const MAIN = `${CONF}/ecelerity.conf`;
const MODULE = '/opt/msys/etc/credentials';
const TOOL = '/opt/msys/ecelerity/etc/credentials';
const SQLITE = 'SQLite format 3\0and more';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-store-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function collect(main: string) {
  file(MAIN, main);
  const files = nodeFiles(root);
  const config = loadConfig(
    {
      read: (path) => {
        const content = files.read(path);
        return content.ok
          ? { ok: true, text: content.value.toString() }
          : { ok: false, problem: content.problem, detail: content.detail };
      },
      list: (path) => {
        const names = files.list(path);
        return names.ok ? names.value : null;
      },
    },
    MAIN,
  );
  const momentumConfig = { ...caseMomentumConfig(config, MAIN), unread: [] };
  return collector.collect({
    files,
    facts: { momentumConfig },
  } as unknown as CollectContext<'momentumConfig'>);
}

describe('the store', () => {
  test('where the module looks when nothing names another place', async () => {
    file(`${MODULE}.db`, SQLITE);
    file(`${MODULE}.key`, 'k');
    expect(await collect('securecreds {}\n')).toMatchObject({
      isEnabled: true,
      namedBy: null,
      database: { path: `${MODULE}.db`, state: 'present', isSqlite: true },
      key: { path: `${MODULE}.key`, state: 'present' },
      other: { database: { path: `${TOOL}.db`, state: 'missing' } },
      split: false,
      siblings: [],
      folder: { path: '/opt/msys/etc' },
    });
  });

  test('where the configuration says, with what SQLite keeps beside it', async () => {
    file('/data/c.db', 'not a database');
    file('/data/c.db-journal', '');
    const store = await collect('\nsecurecreds {\n  Credentials = "/data/c.db"\n  Key = "/data/c.key"\n}\n');
    expect(store).toMatchObject({
      namedBy: { file: MAIN, line: 2 },
      database: { path: '/data/c.db', isSqlite: false },
      key: { path: '/data/c.key', state: 'missing' },
      siblings: [{ path: '/data/c.db-journal' }],
    });
  });

  test('two stores, and one with two names', async () => {
    for (const place of [MODULE, TOOL]) {
      file(`${place}.db`, SQLITE);
      file(`${place}.key`, 'k');
    }
    expect((await collect('securecreds {}\n')).split).toBe(true);
    for (const ending of ['.db', '.key']) rmSync(join(root, `${TOOL}${ending}`));
    symlinkSync(`${MODULE}.db`, join(root, `${TOOL}.db`));
    linkSync(join(root, `${MODULE}.key`), join(root, `${TOOL}.key`));
    expect((await collect('securecreds {}\n')).split).toBe(false);
  });

  test('a folder and a dangling link where files should be', async () => {
    mkdirSync(join(root, `${MODULE}.db`), { recursive: true });
    symlinkSync('/none', join(root, `${MODULE}.key`));
    expect(await collect('securecreds {}\n')).toMatchObject({
      database: { state: 'other' },
      key: { state: 'missing' },
    });
  });

  test('securecreds off, and a block in a file that nothing includes', async () => {
    file(`${CONF}/extra.conf`, '\n\nsecurecreds {}\n');
    file(`${CONF}/comment.conf`, '# securecreds {}\n');
    mkdirSync(join(root, CONF, 'deep'), { recursive: true });
    symlinkSync('..', join(root, CONF, 'deep/round'));
    expect(await collect('Hostname = "mta1.example.com"\n')).toMatchObject({
      isEnabled: false,
      blocksElsewhere: [{ file: `${CONF}/extra.conf`, line: 3 }],
    });
  });
});
