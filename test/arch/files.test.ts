import { describe, expect, test } from 'vitest';
import { readSources } from './imports.js';

/**
 * Files of the agent that name paths to the system themselves, and why they may. Everything else goes through
 * adapters/descriptors, where a path is opened folder by folder and what was checked is what is used.
 */
const BY_PATH: Readonly<Record<string, string>> = {
  'adapters/beside/far-program.ts': "the program's own folder",
  'adapters/beside/pipes.ts': 'two pipes in a new folder of its own, gone when ssh has them',
  'adapters/file-stat.ts': 'a type only',
  'adapters/node-exec.ts': 'programs are started by path; looks only',
  'adapters/node-processes.ts': '/proc, which no user can write',
  'adapters/node-run-lock.ts': "the agent's own state folder, root's alone",
  'adapters/node-state-store.ts': "the agent's own state folder, root's alone",
  'adapters/process-start.ts': '/proc, which no user can write',
  'adapters/program-trust.ts': "asks, from the top, whether a path is root's alone; looks only",
  'adapters/tree-paths.ts': 'looks only: paths of a tree for programs, and where there is no /proc',
  'watch/tree-folders.ts': 'watches, which need a path; what they tell is inspected by descriptor',
  'watch/watcher.ts': 'watches, which need a path; what they tell is inspected by descriptor',
  'cli/beside.ts': 'what a person names on the command line',
  'cli/run.ts': 'what a person names on the command line',
  'cli/explain.ts': "the program's own folder",
  'cli/doctor.ts': "the agent's own files",
  'cli/tree-options.ts': 'what a person names on the command line',
  'cli/settings-of.ts': "the agent's own settings",
  'cli/carrier.ts': "the agent's own settings: whether the audit-only file is there",
};
/** They change what is in the agent's own folder. */
const OWN_FOLDER = ['adapters/node-run-lock.ts', 'adapters/node-state-store.ts'];
const MODULE = 'adapters/descriptors/';

const users = readSources()
  .filter(({ path }) => path.startsWith('packages/agent/src/'))
  .map(({ path, text }) => ({ path: path.replace('packages/agent/src/', ''), text }))
  .filter(({ text }) => /from 'node:fs(\/promises)?'|import\('node:fs|require\('node:fs/.test(text));

describe('the files of a node', () => {
  test('are reached through one module, but for a list with reasons', () => {
    const others = users.map(({ path }) => path).filter((path) => !path.startsWith(MODULE) && !BY_PATH[path]);
    expect(others).toEqual([]);
  });

  test('and the list names nothing that needs no leave', () => {
    expect(Object.keys(BY_PATH).filter((path) => !users.some((user) => user.path === path))).toEqual([]);
  });

  test('are changed by no one else: no owner, mode, link or name is changed by path', () => {
    const change = /\b(l?chown|l?chmod|symlink|link|copyFile|cp|utimes|lutimes|truncate|writeFile)(Sync)?\(/;
    const changing = users.filter(
      ({ path, text }) => !path.startsWith(MODULE) && !OWN_FOLDER.includes(path) && change.test(text),
    );
    expect(changing.map(({ path }) => path)).toEqual([]);
  });

  test('lchown and lutimes are never used: on a name below /proc/self/fd they succeed and do nothing', () => {
    expect(
      users.filter(({ text }) => /\bl(chown|utimes)(Sync)?\(/.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });
});
