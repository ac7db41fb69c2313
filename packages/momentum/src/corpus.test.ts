import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  decodeBytes,
  encodeText,
  evaluate,
  type Loader,
  loadConfig,
  parse,
  print,
  type ScopeStep,
} from './index.js';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const CORPUS = process.env.CASTELLAN_CORPUS ?? resolve(REPOSITORY, '../shared/corpus');
const isThere = existsSync(join(CORPUS, 'public/manifest.json'));
const needs = isThere ? '' : ' (skipped: no corpus here; name its folder in CASTELLAN_CORPUS)';

interface Sample {
  readonly file: string;
  readonly valid: boolean | 'unknown';
}

interface Question {
  readonly id: string;
  readonly config: string;
  readonly scope: readonly ScopeStep[];
  readonly option: string;
  readonly expected: string | readonly string[];
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(CORPUS, path), 'utf8')) as T;
}

const disk: Loader = {
  read(path) {
    if (!existsSync(path)) return { ok: false, problem: 'missing', detail: path };
    return { ok: true, text: readFileSync(path, 'utf8') };
  },
  list: (path) => (existsSync(path) && statSync(path).isDirectory() ? readdirSync(path) : null),
};

describe.skipIf(!isThere)(`configuration text that people published${needs}`, () => {
  const samples = isThere ? json<Sample[]>('public/manifest.json') : [];

  test('is there in quantity', () => {
    expect(samples.length).toBeGreaterThan(500);
  });

  test('comes back byte for byte, valid or not', () => {
    const changed = samples.filter(({ file }) => {
      const bytes = readFileSync(join(CORPUS, file));
      const { text, encoding } = decodeBytes(bytes);
      return !bytes.equals(encodeText(print(parse(text).tree), encoding));
    });
    expect(changed).toEqual([]);
  });

  test('is accepted without an error where it is valid', () => {
    const refused = samples.filter(({ valid }) => valid === true).flatMap(({ file }) => errorsOf(file));
    expect(refused).toEqual([]);
  });

  test('is reported where it is not valid', () => {
    const accepted = samples
      .filter(({ valid }) => valid === false)
      .filter(({ file }) => errorsOf(file).length === 0);
    expect(accepted.map(({ file }) => file)).toEqual([]);
  });

  function errorsOf(file: string): string[] {
    const { text } = decodeBytes(readFileSync(join(CORPUS, file)));
    const errors = parse(text, file).diagnostics.filter((d) => d.severity === 'error');
    return errors.map((d) => `${d.file}:${d.line}:${d.column} ${d.code}: ${d.message}`);
  }
});

describe.skipIf(!isThere)(`questions on effective values${needs}`, () => {
  const questions = isThere ? json<{ questions: Question[] }>('eval/public.json').questions : [];

  test('are there', () => {
    expect(questions.length).toBeGreaterThanOrEqual(25);
  });

  test.each(questions.map((question) => [question.id, question] as const))(
    '%s has the answer that the manual documents',
    (_, question) => {
      const config = loadConfig(disk, join(CORPUS, question.config));
      const answer = evaluate(config, question.scope, question.option);
      expect({ value: answer.value, indeterminate: answer.indeterminate }).toEqual({
        value: question.expected,
        indeterminate: false,
      });
    },
  );
});
