import { describe, expect, test } from 'vitest';
import { configOf, MAIN, scope } from '../../testing/configuration.js';
import { evaluate } from './evaluate.js';

const UNREAD = '/etc/lost.conf';
const LOST = 'include "lost.conf"';

function ask(text: string, path: string, option = 'TLS') {
  return evaluate(configOf({ [MAIN]: text, [UNREAD]: '!denied' }), scope(path), option);
}

describe('a file that could not be read', () => {
  test.each([
    ['after the assignment, at the top level', `TLS = no\n${LOST}`, ''],
    ['where nothing is set', LOST, ''],
    ['around a binding that is silent', `binding b { }\n${LOST}`, 'binding b'],
    [
      'at the top level, where it could open the binding again',
      `binding b { TLS = no }\n${LOST}`,
      'binding b',
    ],
    [
      'before the binding, where it could open one inside a group',
      `${LOST}\nbinding b { TLS = no }`,
      'binding b > domain d.test',
    ],
    ['before the assignment, where it could open a narrower scope', `${LOST}\nTLS = no`, 'binding b'],
    ['in the scope, after the assignment', `binding b { TLS = no\n${LOST} }`, 'binding b'],
    ['in the scope, which sets nothing', `binding b { ${LOST} }\nTLS = no`, 'binding b'],
    ['in a later opening of the scope', `binding b { TLS = no }\nbinding b { ${LOST} }`, 'binding b'],
    [
      'in the binding, where it could open the domain',
      `binding b { ${LOST} TLS = no }`,
      'binding b > domain d.test',
    ],
    [
      'in the group, where it could hold the binding',
      `binding_group g { ${LOST} }\nbinding b { TLS = no }`,
      'binding b',
    ],
    ['in the group of the binding, before it', `binding_group g { ${LOST} binding b { } }`, 'binding b'],
    [
      'in the pathway group, where it could hold the pathway',
      `Pathway_Group g { ${LOST} }\nPathway p { TLS_Ciphers = a }`,
      'Pathway p',
      'TLS_Ciphers',
    ],
    [
      'in the listener, where it could hold a peer',
      `ESMTP_Listener { ${LOST} Listen ":25" { TLS_Ciphers = a } }`,
      'ESMTP_Listener > Listen :25 > Peer 10.1.2.3',
      'TLS_Ciphers',
    ],
    [
      'in the listen, after the assignment',
      `ESMTP_Listener { Listen ":25" { TLS_Ciphers = a ${LOST} } }`,
      'ESMTP_Listener > Listen *:25',
      'TLS_Ciphers',
    ],
    ['in a domain, of an other case', `domain D.test { ${LOST} }`, 'domain d.TEST'],
  ])('makes the answer open: %s', (_name, text, path, option = 'TLS') => {
    const answer = ask(text, path, option);
    expect(answer.indeterminate).toBe(true);
    expect(answer.why).toBe(`${UNREAD} could not be read (denied) and may set it`);
    expect(answer.candidates).toHaveLength(1);
  });

  test.each([
    ['before the assignment, at the top level', `${LOST}\nTLS = no`, ''],
    ['in another binding', `binding a { ${LOST} }\nbinding b { TLS = no }`, 'binding b'],
    ['in another domain', `domain a.test { ${LOST} }\ndomain b.test { TLS = no }`, 'domain b.test'],
    ['in a scope of another type', `securecreds { ${LOST} }\nTLS = no`, ''],
    ['in a narrower scope', `TLS = no\nbinding b { ${LOST} }`, ''],
    ['in the scope, before the assignment', `binding b { ${LOST} TLS = no }`, 'binding b'],
    [
      'in a wider scope that is not asked',
      `binding b { domain d.test { TLS = no } }\ndomain d.test { ${LOST} }`,
      'binding b > domain d.test',
    ],
    [
      'in a group, when the group is named',
      `binding_group g { ${LOST} }\nbinding_group f { binding b { TLS = no } }`,
      'binding_group f > binding b',
    ],
    [
      'in a group, when no binding is asked about',
      `binding_group g { ${LOST} }\ndomain d.test { TLS = no }`,
      'domain d.test',
    ],
    [
      'in a binding of a group, which holds no bindings',
      `binding_group g { binding a { ${LOST} } }\nbinding b { TLS = no }`,
      'binding b',
    ],
    [
      'in a pathway group, when a binding is asked about',
      `Pathway_Group g { ${LOST} }\nbinding b { TLS = no }`,
      'binding b',
    ],
    [
      'in another listen',
      `ESMTP_Listener { Listen ":26" { ${LOST} } Listen ":25" { TLS_Ciphers = a } }`,
      'ESMTP_Listener > Listen :25',
      'TLS_Ciphers',
    ],
    [
      'in a scope of the same name below another',
      `binding a { domain d.test { ${LOST} } }\nbinding b { domain d.test { TLS = no } }`,
      'binding b > domain d.test',
    ],
  ])('changes nothing: %s', (_name, text, path, option = 'TLS') => {
    expect(ask(text, path, option)).toMatchObject({ indeterminate: false, candidates: [] });
  });

  test('is told once, however many orders there are', () => {
    const text = `${LOST}\nbinding_group g { TLS = no binding b { } }\ndomain d.test { TLS = required }`;
    const answer = ask(text, 'binding b > domain d.test');
    expect(answer.why.split('; ')).toHaveLength(2);
    expect(answer.candidates.map((one) => one.text)).toEqual(['no', 'required']);
  });

  test('that is only missing is told as what it is', () => {
    const answer = evaluate(configOf('include "gone.conf"'), [], 'TLS');
    expect(answer).toMatchObject({ text: 'no', indeterminate: true });
    expect(answer.why).toBe('/etc/gone.conf could not be read (missing) and may set it');
  });

  test('that could decide in an order that is not the likeliest, leaves it open', () => {
    const text = `binding_group g { TLS = no binding b { } }\ndomain d.test { }\ndomain d.test { ${LOST} }`;
    expect(ask(text, 'binding b > domain d.test').indeterminate).toBe(true);
  });
});
