import { readdirSync } from 'node:fs';
import * as bounds from '@castellan/shared/model/bounds';
import * as checkReport from '@castellan/shared/model/check-report';
import * as configuration from '@castellan/shared/model/configuration';
import * as ids from '@castellan/shared/model/ids';
import * as node from '@castellan/shared/model/node';
import * as plan from '@castellan/shared/model/plan';
import * as run from '@castellan/shared/model/run';
import * as severity from '@castellan/shared/model/severity-schema';
import * as verdict from '@castellan/shared/model/verdict';
import * as command from '@castellan/shared/protocol/command';
import * as enrolment from '@castellan/shared/protocol/enrolment';
import * as messages from '@castellan/shared/protocol/messages';
import * as trust from '@castellan/shared/protocol/trust';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { AT_THE_TOP, OF_NODES, OF_ONE_NODE } from '../../packages/agent/src/config/beside-settings.js';
import { SETTINGS, type SettingRow } from '../../packages/agent/src/config/settings.js';
import { Settings } from '../../packages/server/src/config/settings.js';
import { startTestServer } from '../../packages/server/testing/server.js';

const MODULES = {
  'model/bounds': bounds,
  'model/check-report': checkReport,
  'model/configuration': configuration,
  'model/ids': ids,
  'model/node': node,
  'model/plan': plan,
  'model/run': run,
  'model/severity-schema': severity,
  'model/verdict': verdict,
  'protocol/command': command,
  'protocol/enrolment': enrolment,
  'protocol/messages': messages,
  'protocol/trust': trust,
} as const;

type Schema = Record<string, unknown>;
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a JSON schema leaves without a bound, as paths. A text of few words is bounded by its list. */
function unbounded(schema: unknown, path: string): string[] {
  if (!isSchema(schema)) return [];
  const found: string[] = [];
  const lacks = (...members: string[]) => {
    for (const member of members) if (typeof schema[member] !== 'number') found.push(`${path}: no ${member}`);
  };
  const isListed = 'enum' in schema || 'const' in schema;
  const types = [schema['type']].flat();
  if ((types.includes('integer') || types.includes('number')) && !isListed) lacks('minimum', 'maximum');
  if (types.includes('string') && !isListed) lacks('maxLength');
  if (types.includes('array')) lacks('maxItems');
  if ('patternProperties' in schema || isSchema(schema['additionalProperties'])) lacks('maxProperties');
  const says = ['type', 'anyOf', 'allOf', 'oneOf', 'const', 'enum', '$ref', 'not'].some(
    (key) => key in schema,
  );
  if (!says) found.push(`${path}: says nothing of what it takes`);
  for (const group of ['properties', 'patternProperties'] as const)
    for (const [name, member] of Object.entries((schema[group] ?? {}) as Schema))
      found.push(...unbounded(member, `${path}.${name}`));
  for (const group of ['anyOf', 'allOf', 'oneOf'] as const)
    for (const member of (schema[group] ?? []) as unknown[]) found.push(...unbounded(member, path));
  found.push(...unbounded(schema['items'], `${path}[]`));
  if (isSchema(schema['additionalProperties']))
    found.push(...unbounded(schema['additionalProperties'], `${path}.*`));
  return found;
}

const looksLikeSchema = (value: unknown): value is Schema =>
  isSchema(value) &&
  ('~kind' in value || 'type' in value || 'anyOf' in value) &&
  typeof value['type'] !== 'object';

describe('nothing that a peer sends is without a bound', () => {
  test('in the schemas of protocol and model', () => {
    const found: string[] = [];
    let count = 0;
    for (const [name, module] of Object.entries(MODULES))
      for (const [member, value] of Object.entries(module)) {
        if (!looksLikeSchema(value)) continue;
        count += 1;
        found.push(...unbounded(value, `${name} ${member}`));
      }
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(30);
  });

  test('and each module of protocol and model is one of them, or holds no schema', () => {
    const without = [
      'model/certificate-life',
      'model/clock-skew',
      'model/severity',
      'model/state-digest',
      'protocol/codec',
    ];
    const files = ['model', 'protocol'].flatMap((folder) =>
      readdirSync(new URL(`../../packages/shared/src/${folder}`, import.meta.url))
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name.slice(0, -3)}`),
    );
    expect(files.sort()).toEqual([...Object.keys(MODULES), ...without].sort());
  });

  test('in what the API takes: bodies, queries and paths', async () => {
    const server = await startTestServer();
    const document = (await (await fetch(`${server.peopleUrl}/api/openapi.json`)).json()) as {
      paths: Record<
        string,
        Record<
          string,
          {
            parameters?: { name: string; schema: unknown }[];
            requestBody?: { content: Record<string, { schema: unknown }> };
          }
        >
      >;
    };
    const found: string[] = [];
    let count = 0;
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
        const taken = [
          ...parameters.map(({ name, schema }) => [`{${name}}`, schema] as const),
          ...Object.values(requestBody?.content ?? {}).map(({ schema }) => ['body', schema] as const),
        ];
        count += taken.length;
        for (const [what, schema] of taken) found.push(...unbounded(schema, `${method} ${path} ${what}`));
      }
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(20);
  });

  test("in the settings of both programs, their environment's values included", () => {
    expect(unbounded(Settings, 'settings')).toEqual([]);
    const rows: Readonly<Record<string, Pick<SettingRow, 'kind' | 'min' | 'max'>>> = {
      ...SETTINGS,
      ...AT_THE_TOP,
      ...OF_NODES,
      ...OF_ONE_NODE,
    };
    const open = Object.entries(rows).filter(
      ([, row]) =>
        (row.kind === 'ms' || row.kind === 's') && (row.min === undefined || row.max === undefined),
    );
    expect(open).toEqual([]);
  });
});

describe('an instant', () => {
  const instant = Compile(ids.Instant);
  test.each([
    '2026-11-23T09:00:00.000Z',
    '2000-02-29T00:00:00Z',
    '2028-02-29T23:59:59.999999999Z',
    '2199-12-31T23:59:59Z',
  ])('%s is one', (text) => {
    expect([instant.Check(text), new Date(text).toISOString().slice(0, 19)]).toEqual([
      true,
      text.slice(0, 19),
    ]);
  });
  test.each([
    '2026-99-99T09:00:00Z',
    '2026-02-29T09:00:00Z',
    '2026-02-30T09:00:00Z',
    '2100-02-29T09:00:00Z',
    '2026-04-31T09:00:00Z',
    '2026-00-10T09:00:00Z',
    '2026-01-00T09:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T09:60:00Z',
    '2026-11-23T09:00:60Z',
    '1999-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-11-23T09:00:00',
    '2026-11-23T09:00:00Z\n',
  ])('%j is none', (text) => {
    expect(instant.Check(text)).toBe(false);
  });
  test('of every day of the range is taken, and no other day is', () => {
    for (let year = 2000; year < 2200; year += 1)
      for (let month = 1; month <= 12; month += 1)
        for (let day = 28; day <= 31; day += 1) {
          const text = `${year}-${String(month).padStart(2, '0')}-${day}T12:00:00Z`;
          const isReal = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
          if (instant.Check(text) !== isReal) expect.fail(text);
        }
  });
});

describe('a text that becomes a column', () => {
  const text = Compile(bounds.Text(10));
  test.each(['', 'a\nb\t', '\u{1f600}', '\u202e'])('may be %j', (value) =>
    expect(text.Check(value)).toBe(true),
  );
  test.each(['a\0', '\ud800', '\udc00x', 'x'.repeat(11)])('may not be %j', (value) => {
    expect(text.Check(value)).toBe(false);
  });
  test('is mended where it is made', () => {
    expect(bounds.plainText('a\0b\ud800\u{1f600}')).toBe('a\ufffdb\ufffd\u{1f600}');
  });
});
