import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { memoryStore } from '../../testing/memory-store.js';
import { contextOf } from '../../testing/remediation.js';
import { nodeFileWriter } from '../adapters/node-file-writer.js';
import { Journal } from './journal.js';
import { makeContext } from './make-context.js';
import type { RunContext } from './steps/run-context.js';

const TOKENS = '/var/www/.well-known/acme-challenge';

function maker() {
  const root = mkdtempSync(join(tmpdir(), 'castellan-make-'));
  mkdirSync(join(root, '/var/www'), { recursive: true });
  const state = memoryStore();
  const { look } = contextOf({ root, facts: {} });
  const deps = { ...look, writer: nodeFileWriter(root), state };
  const context = { deps, journal: new Journal(state, 'run-1'), tell: () => undefined };
  return { root, state, make: makeContext(context as unknown as RunContext, 0, []) };
}

it('publishes a file that everybody may read in folders that it makes, and withdraws it', () => {
  const { root, state, make } = maker();
  const withdraw = make.publish(`${TOKENS}/abc`, 'abc.thumb');
  expect(readFileSync(join(root, TOKENS, 'abc'), 'utf8')).toBe('abc.thumb');
  expect(statSync(join(root, TOKENS, 'abc')).mode & 0o777).toBe(0o644);
  withdraw();
  expect(existsSync(join(root, TOKENS, 'abc'))).toBe(false);
  expect(state.list('issuing')).toEqual([]);
});

it('takes away what a killed agent had published, and replaces nothing that stands there', () => {
  const { root, make } = maker();
  make.publish(`${TOKENS}/left`, 'x');
  const withdraw = make.publish(`${TOKENS}/next`, 'y');
  expect(existsSync(join(root, TOKENS, 'left'))).toBe(false);
  withdraw();
  writeFileSync(join(root, TOKENS, 'mine'), 'a page of somebody');
  expect(() => make.publish(`${TOKENS}/mine`, 'z')).toThrow();
  make.publish(`${TOKENS}/last`, 'z')();
  expect(readFileSync(join(root, TOKENS, 'mine'), 'utf8')).toBe('a page of somebody');
});
