import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memory } from '../../testing/memory.js';
import { statementsOf } from '../../testing/statements.js';
import { type ScopeStep, scopeKey, stepOf, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { loadConfig } from '../files/load.js';
import { wordOf } from '../syntax/tree.js';
import { modelOf, OptionNames, type Scope, scopeAt } from './model.js';

const MAIN = '/c/main';
const NAMES = ['a', 'b', 'Tls'];

const option = fc
  .tuple(fc.constantFrom(...NAMES, 'c'), fc.integer({ min: 0, max: 9 }))
  .map(([name, value]) => `${name} = ${value}`);
/** More than are looked through each time. */
const manyOptions = fc.array(option, { minLength: 15, maxLength: 20 }).map((all) => all.join('\n'));
const include = fc.constantFrom('include "x"', 'include "y"', 'readonly_include "y"', 'include "d"');
const opening = fc.constantFrom('binding b', 'binding c', 'domain "d.test"', 'esmtp_listener');
const { items } = fc.letrec<{ items: string; scope: string }>((tie) => ({
  items: fc
    .array(fc.oneof(option, option, include, manyOptions, tie('scope')), { maxLength: 5 })
    .map((all) => all.join('\n')),
  scope: fc.tuple(opening, tie('items')).map(([head, body]) => `${head} {\n${body}\n}`),
}));
const files = fc
  .tuple(items, items, items, items, items)
  .map(([main, x, y, one, two]) => ({ [MAIN]: main, '/c/x': x, '/c/y': y, '/c/d/1': one, '/c/d/2': two }));

type Told = ReturnType<typeof statementsOf>;

/** All that a scope says of itself, by its path; found through the model alone. */
function everyScope(root: Scope): [string, Scope][] {
  return [[keyOf(root.path), root], ...[...root.children.values()].flatMap((child) => everyScope(child))];
}

function keyOf(path: readonly ScopeStep[]): string {
  return path.map(scopeKey).join(' ');
}

function expectToSay(config: Config, statements: Told): void {
  const byPath = new Map<string, Told>([['', []]]);
  for (const placed of statements) {
    byPath.set(keyOf(placed.scope), [...(byPath.get(keyOf(placed.scope)) ?? []), placed]);
    if (placed.node.kind !== 'scope') continue;
    const inner = keyOf([...placed.scope, stepOf(placed.file.tree, placed.node)]);
    byPath.set(inner, byPath.get(inner) ?? []);
  }
  const scopes = everyScope(modelOf(config));
  expect(scopes.map(([key]) => key).sort()).toEqual([...byPath.keys()].sort());
  for (const [key, scope] of scopes) expectScope(scope, byPath.get(key) ?? []);
}

function expectScope(scope: Scope, own: Told): void {
  const settings = own.flatMap(({ file, node, order }) =>
    node.kind === 'option' ? [{ name: wordOf(file.text, node.name).toLowerCase(), order }] : [],
  );
  for (const written of [...NAMES, 'none']) {
    const name = written.toLowerCase();
    const orders = settings.filter((one) => one.name === name).map(({ order }) => order);
    // The last is asked before all are told apart by name, and after it.
    expect(scope.last(name)?.placed.order).toBe(orders.at(-1));
    expect(scope.setsAny(new OptionNames([name, 'other']))).toBe(orders.length > 0);
    expect(scope.options.get(name)?.map(({ placed }) => placed.order) ?? []).toEqual(orders);
    expect(scope.last(name)?.placed.order).toBe(orders.at(-1));
  }
}

describe('the model of a configuration', () => {
  test('says of each scope what its statements say, in their order, wherever they were included from', () => {
    fc.assert(
      fc.property(files, (texts) => {
        const config = loadConfig(memory(texts), MAIN);
        expectToSay(config, statementsOf(config));
      }),
      { numRuns: 300 },
    );
  });

  test('of an edited text is that of the text read anew', () => {
    fc.assert(
      fc.property(files, option, (texts, added) => {
        const edited = { ...texts, [MAIN]: `${added}\n${texts[MAIN]}` };
        const config = loadConfig(memory(texts), MAIN).withTexts(new Map(Object.entries(edited)));
        const anew = loadConfig(memory(edited), MAIN);
        const say = (one: Config) =>
          statementsOf(one).map(({ file, node, order, scope }) => [
            file.path,
            node.start,
            node.end,
            order,
            keyOf(scope),
          ]);
        expect(say(config)).toEqual(say(anew));
        expectToSay(config, statementsOf(anew));
      }),
      { numRuns: 200 },
    );
  });

  test('of a text that was edited again and again, unasked in between, stands where the text has it', () => {
    const text = 'binding b {\n  domain "d.test" {\n    tls = 1\n  }\n}\n';
    let [config, now] = [loadConfig(memory({ [MAIN]: text }), MAIN), text];
    // As deep as no stack is.
    for (let n = 0; n < 10_001; n += 1) {
      now = n % 2 === 0 ? `#\n${now}` : now.slice(1);
      config = config.withTexts(new Map([[MAIN, now]]));
    }
    const path = [{ type: 'binding', name: 'b' } as const, { type: 'domain', name: 'd.test' } as const];
    const found = scopeAt(modelOf(config), path)?.last('tls');
    expect(found && textOf(found.value)).toBe('1');
    expect(found?.line).toBe(now.split('\n').indexOf('    tls = 1') + 1);
  });
});
