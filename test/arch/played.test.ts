import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OTHER_ROWS, ROWS } from '../faults/remediation-rows.js';
import { REPOSITORY } from './imports.js';

/** Not played on the small node of this process, and why. On the real one every remediation is. */
const NOT_IN_PROCESS: Readonly<Record<string, string>> = {
  'config-reload': 'changes no file: test/faults/lasting.test.ts',
  'tls-old-versions': 'which OpenSSL the small node has nobody says: its steps are those of tls-protocols',
  undo: 'needs a run before it: killed in test/faults/undo.test.ts',
  'postgres-tls-enable': 'the small node has no PostgreSQL: its steps are those of certificate-renew',
  'webui-tls-enable': 'the small node has no web UI: its steps are those of certificate-renew',
  'webui-vhost': 'the small node has no web UI: its steps are those of certificate-renew',
};

const remediations = readdirSync(join(REPOSITORY, 'packages/agent/src/remediations'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The rows are read as text: they import what only a build makes. */
function killed(): Set<string> {
  const text = readFileSync(join(REPOSITORY, 'tools/kills/rows.mjs'), 'utf8');
  const named = [...text.matchAll(/\bslug: '([a-z-]+)'|\bconfigRow\('([a-z-]+)'/g)];
  return new Set(named.map(([, slug, config]) => slug ?? config ?? ''));
}

test('every remediation is killed at every effect on a real node', () => {
  expect([...killed()].sort()).toEqual(remediations.toSorted());
});

test('every remediation is refused, killed and stopped at every effect in this process, or it is said why not', () => {
  const rows = new Set([...ROWS, ...OTHER_ROWS].map(({ slug }) => slug));
  expect([...rows, ...Object.keys(NOT_IN_PROCESS)].sort()).toEqual(remediations.toSorted());
});
