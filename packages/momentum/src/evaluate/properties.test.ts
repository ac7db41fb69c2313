import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf, MAIN, scope } from '../../testing/configuration.js';
import type { Config } from '../files/config.js';
import { evaluate } from './evaluate.js';

const OPTIONS = ['TLS', 'TLS_Ciphers', 'Max_Outbound_Connections'];
const PATHS = [
  '',
  'binding b',
  'binding_group g > binding b',
  'binding b > domain d.test',
  'domain d.test',
  'domain e.test > host mx.test',
  'ESMTP_Listener > Listen :25',
  'ESMTP_Listener > Listen :25 > Peer 10.1.2.3',
  'Pathway p',
].map(scope);

const option = fc
  .tuple(fc.constantFrom(...OPTIONS), fc.constantFrom('no', 'required', '7', '"a b"', '( a b )'))
  .map(([name, value]) => [`${name} = ${value}`]);
const outer = fc.constantFrom(
  'binding b',
  'binding_group g',
  'domain d.test',
  'domain "/test/"',
  'domain "/^d/"',
  'host mx.test',
  'ESMTP_Listener',
  'Pathway p',
);
const inner = fc.constantFrom('domain d.test', 'binding b', 'Listen ":25"', 'Peer "10.0.0.0/8"');
const within = (name: fc.Arbitrary<string>, body: fc.Arbitrary<string[]>) =>
  fc
    .tuple(name, fc.array(body, { maxLength: 3 }))
    .map(([open, lines]) => [`${open} {`, ...lines.flat(), '}']);
const nested = within(inner, fc.oneof(option, within(inner, option)));
const statement = fc.oneof(option, within(outer, fc.oneof(option, nested)));
const statements = fc.array(statement, { maxLength: 8 });

/** Everything that is told of a value but the place of its line. */
function answers(config: Config) {
  return PATHS.flatMap((path) =>
    OPTIONS.map((name) => {
      const { text, value, set, indeterminate, why, candidates } = evaluate(config, path, name);
      return { text, value, set, indeterminate, why, of: candidates.map((one) => [one.text, one.where]) };
    }),
  );
}

describe('an effective value', () => {
  test('does not depend on comments, blank lines and indentation', () => {
    const between = fc.array(fc.constantFrom('# TLS = no', '', '  ', '/* binding b { */', '\t'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(statements, fc.array(between, { minLength: 1, maxLength: 5 }), (source, gaps) => {
        const lines = source.flat();
        const spaced = lines.flatMap((line, i) => [...(gaps[i % gaps.length] ?? []), `  ${line} # no`]);
        expect(answers(configOf(spaced.join('\r\n')))).toEqual(answers(configOf(lines.join('\n'))));
      }),
      { numRuns: 300 },
    );
  });

  test('is the same whether a part stands in the file or is included there', () => {
    fc.assert(
      fc.property(statements, statements, statements, (before, part, after) => {
        const text = (source: readonly (readonly string[])[]) => source.flat().join('\n');
        const whole = configOf([before, part, after].map(text).join('\n'));
        const split = configOf({
          [MAIN]: [text(before), 'include "part.conf"', text(after)].join('\n'),
          '/etc/part.conf': text(part),
        });
        expect(answers(split)).toEqual(answers(whole));
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on what was asked before', () => {
    const question = fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...OPTIONS));
    fc.assert(
      fc.property(statements, fc.array(question, { maxLength: 30 }), (source, questions) => {
        const text = source.flat().join('\n');
        const asked = configOf(text);
        for (const [path, name] of questions) {
          const fresh = evaluate(configOf(text), path, name);
          const again = evaluate(asked, path, name);
          expect({ ...again, chain: again.chain, origin: again.origin, why: again.why }).toEqual({
            ...fresh,
            chain: fresh.chain,
            origin: fresh.origin,
            why: fresh.why,
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('stands in the candidates when it is open, and nowhere else', () => {
    fc.assert(
      fc.property(statements, (source) => {
        const config = configOf(source.flat().join('\n'));
        for (const path of PATHS) {
          const { indeterminate, candidates, text } = evaluate(config, path, 'TLS_Ciphers');
          expect(candidates.length > 1).toBe(indeterminate);
          if (indeterminate) expect(candidates[0]?.text).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });
});
