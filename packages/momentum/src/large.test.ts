import { expect, test } from 'vitest';
import { PATTERNS_MAX } from './evaluate/stanzas.js';
import { TLS_PATHS_MAX } from './evaluate/tls.js';
import { evaluate, loadConfig, maskSecrets, parse, type ScopeStep, tlsScopes } from './index.js';

const MANY = 100_000;
const file = (text: string) =>
  loadConfig(
    {
      read: (path) =>
        path === '/a.conf' ? { ok: true, text } : { ok: false, problem: 'missing', detail: '' },
      list: () => null,
    },
    '/a.conf',
  );
const repeat = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('');

test('each of a hundred thousand bindings is judged, once for all who ask', { timeout: 240_000 }, () => {
  const text = repeat(MANY, (n) => `binding b${n} {\n  TLS = "required"\n  TLS_Protocols = "p${n}"\n}\n`);
  expect(parse(text, '/a.conf').diagnostics).toEqual([]);
  const config = file(text);
  const outbound = tlsScopes(config).filter(({ path }) => path.length > 0);
  expect(outbound).toHaveLength(MANY);
  const wrong = outbound.filter((scope, n) => scope.setting('tls_protocols').text !== `p${n}`);
  expect(wrong).toEqual([]);
  expect(outbound.every(({ posture }) => posture === 'required')).toBe(true);
  expect(tlsScopes(config)).toBe(tlsScopes(config));
});

test.each([
  [
    'bindings times domains',
    'outbound',
    repeat(1_000, (n) => `domain d${n}.example { TLS_Key = "/k${n}" }\nbinding b${n} { TLS = "required" }\n`),
  ],
  [
    'listens times peers',
    'inbound',
    `ESMTP_Listener {\n${repeat(150, (n) => `Peer "10.${n >> 8}.${n & 255}.0/24" { TLS_Key = "/k" }\nListen ":${n + 1}" {}\n`)}}\n`,
  ],
])('%s end at a bound, and what is beyond is not known', { timeout: 120_000 }, (_name, direction, text) => {
  const scopes = tlsScopes(file(text)).filter((scope) => scope.direction === direction);
  expect(scopes.length).toBeLessThan(TLS_PATHS_MAX + 2_000);
  expect(scopes.at(-1)).toMatchObject({ posture: 'unknown', label: `further ${direction} scopes` });
  expect(scopes.at(-1)?.setting('TLS_Protocols')).toMatchObject({ indeterminate: true, text: null });
});

test('bindings of one name in very many groups are no product', { timeout: 120_000 }, () => {
  const text = repeat(
    20_000,
    (n) => `binding b${n} { TLS = "no" }\nbinding_group g${n} { binding b${n} { TLS = "required" } }\n`,
  );
  expect(tlsScopes(file(text)).length).toBeGreaterThanOrEqual(40_000);
});

test.each(['(a+)+$', '(a|a)*$', '(?:a{1,}){2,}$', '.*.*.*.*.*.*x$', 'a*a*a*a*a*b'])(
  'a pattern that would take years is not matched but unknown: %s',
  (pattern) => {
    const config = file(`domain "/${pattern}/" { TLS = "required" }\n`);
    const scope: ScopeStep[] = [{ type: 'domain', name: 'a'.repeat(250) }];
    expect(evaluate(config, scope, 'tls')).toMatchObject({ indeterminate: true });
  },
);

test.each(['^(.*\\.)?example\\.com$', 'mx[0-9]+\\.example', '(one|two)\\.example\\.com$'])(
  'a pattern as people write them is matched: %s',
  (pattern) => {
    const config = file(`domain "/${pattern}/" { TLS = "required" }\n`);
    const names = ['a.example.com', 'mx1.example', 'two.example.com'];
    const answers = names.map((name) => evaluate(config, [{ type: 'domain', name }], 'tls'));
    expect(answers.some(({ text, indeterminate }) => text === 'required' && !indeterminate)).toBe(true);
  },
);

test('more patterns than are matched make the answer unknown', () => {
  const patterns = (count: number) =>
    file(repeat(count, (n) => `domain "/^n${n}\\.example$/" { TLS = "required" }\n`));
  const scope: ScopeStep[] = [{ type: 'domain', name: 'other.example' }];
  expect(evaluate(patterns(PATTERNS_MAX), scope, 'tls').indeterminate).toBe(false);
  expect(evaluate(patterns(PATTERNS_MAX + 1), scope, 'tls').indeterminate).toBe(true);
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

test('a list of a hundred thousand secrets is masked', () => {
  const text = `Password = (${Array.from({ length: MANY }, (_, n) => `"secret${n}"`).join(', ')})\n`;
  expect(maskSecrets(text)).not.toContain('secret');
});
