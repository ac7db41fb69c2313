import { expect, test } from 'vitest';
import { loadConfig, maskSecrets, parse, tlsScopes } from './index.js';

const MANY = 200_000;
const file = (text: string) =>
  loadConfig(
    {
      read: (path) =>
        path === '/a.conf' ? { ok: true, text } : { ok: false, problem: 'missing', detail: '' },
      list: () => null,
    },
    '/a.conf',
  );

test('two hundred thousand bindings are read', () => {
  const text = Array.from({ length: MANY }, (_, n) => `binding b${n} {\n}\n`).join('');
  expect(parse(text, '/a.conf').diagnostics).toEqual([]);
  expect(tlsScopes(file(text)).length).toBeGreaterThan(0);
});

test.each([
  ['mistakes', 'x = = }\n'.repeat(MANY)],
  ['scopes within scopes', `${'a "x" {\n'.repeat(20_000)}${'}\n'.repeat(20_000)}`],
  ['brackets', `x = ${'('.repeat(20_000)}${')'.repeat(20_000)}\n`],
])('many %s are told, up to a bound', (_name, text) => {
  const { diagnostics } = parse(text, '/a.conf');
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThan(1_000);
});

test('a list of two hundred thousand secrets is masked', () => {
  const text = `Password = (${Array.from({ length: MANY }, (_, n) => `"secret${n}"`).join(', ')})\n`;
  expect(maskSecrets(text)).not.toContain('secret');
});
