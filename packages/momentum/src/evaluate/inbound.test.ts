import { describe, expect, test } from 'vitest';
import { configOf, scope } from '../../testing/configuration.js';
import { evaluate } from './evaluate.js';

const LISTEN = 'ESMTP_Listener > Listen :25';
const PEER = `${LISTEN} > Peer 10.1.2.3`;

function ask(text: string, path: string, option = 'Idle_Time') {
  return evaluate(configOf(text), scope(path), option);
}

/** Each level of an incoming connection with its own name as the value. */
const LEVELS: readonly (readonly [name: string, open: string, close: string])[] = [
  ['peer of the listen', 'ESMTP_Listener { Listen ":25" { Peer "10.1.2.3" {', '} } }'],
  ['block of the listen', 'ESMTP_Listener { Listen ":25" { Peer "10.0.0.0/8" {', '} } }'],
  ['listen', 'ESMTP_Listener { Listen ":25" {', '} }'],
  ['listener', 'ESMTP_Listener {', '}'],
  ['global', '', ''],
];

// ecelerity.conf on listeners, eccluster.conf3: a listen falls back to its listener.
describe('inbound fallback', () => {
  test.each(LEVELS.map(([name], i) => [name, i] as const))(
    'with the levels from "%s" on, that one answers',
    (name, i) => {
      const text = LEVELS.slice(i)
        .map(([value, open, close]) => `${open} Idle_Time = "${value}" ${close}\n`)
        .reverse()
        .join('');
      expect(ask(text, PEER)).toMatchObject({ text: name, indeterminate: false, set: true });
    },
  );

  test.each([
    ['the default of the table where nothing sets it', '', LISTEN, '300'],
    [
      'a peer of the listener serves its listens',
      'ESMTP_Listener { Peer "10.0.0.0/8" { Idle_Time = 7 } Listen ":25" { Idle_Time = 9 } }',
      PEER,
      '7',
    ],
    [
      'a peer of another listen takes no part',
      'ESMTP_Listener { Idle_Time = 7 Listen ":25" { } Listen ":26" { Peer "10.1.2.3" { Idle_Time = 9 } } }',
      PEER,
      '7',
    ],
    [
      'a peer takes no part for the listen alone',
      'ESMTP_Listener { Idle_Time = 7 Listen ":25" { Peer "0.0.0.0/0" { Idle_Time = 9 } } }',
      LISTEN,
      '7',
    ],
    [
      'another listener takes no part',
      'HTTP_Listener { Idle_Time = 9 }\nESMTP_Listener { Idle_Time = 7 Listen ":25" { } }',
      LISTEN,
      '7',
    ],
    [
      'a listen without its listener is found in the only one that has it',
      'ESMTP_Listener { Idle_Time = 7 Listen ":25" { } }\nHTTP_Listener { Idle_Time = 9 Listen ":80" { } }',
      'Listen :25',
      '7',
    ],
    [
      'a listen that two listeners have belongs to neither',
      'ESMTP_Listener { Idle_Time = 8 Listen ":25" { } }\nHTTP_Listener { Idle_Time = 9 Listen ":25" { } }\nIdle_Time = 7',
      'Listen :25',
      '7',
    ],
    ['a listener alone', 'ESMTP_Listener { Idle_Time = 7 }\nIdle_Time = 9', 'ESMTP_Listener', '7'],
    [
      'a peer of the listener is asked for without a listen',
      'ESMTP_Listener { Idle_Time = 9 Peer "10.0.0.0/8" { Idle_Time = 7 } }',
      'ESMTP_Listener > Peer 10.1.2.3',
      '7',
    ],
    [
      'a listener of a cluster falls back alike',
      'Eccluster_Listener { Idle_Time = 7 Listen ":4802" { } }',
      'Eccluster_Listener > Listen :4802',
      '7',
    ],
  ])('%s', (_name, text, path, expected) => {
    expect(ask(text, path)).toMatchObject({ text: expected, indeterminate: false });
  });
});

describe('blocks of peers', () => {
  const blocks = (...names: string[]) =>
    `ESMTP_Listener { Idle_Time = none Listen ":25" { ${names.map((name) => `Peer "${name}" { Idle_Time = "${name}" }`).join(' ')} } }`;

  test.each([
    ['the narrowest wins, declared first', ['10.1.0.0/16', '10.0.0.0/8'], '10.1.2.3', '10.1.0.0/16'],
    ['the narrowest wins, declared last', ['10.0.0.0/8', '10.1.0.0/16'], '10.1.2.3', '10.1.0.0/16'],
    ['an address is narrower than any block', ['10.1.2.2/31', '10.1.2.3'], '10.1.2.3', '10.1.2.3'],
    [
      'a block that does not hold the address takes no part',
      ['10.2.0.0/16', '10.0.0.0/8'],
      '10.1.2.3',
      '10.0.0.0/8',
    ],
    ['every address of version 4 is in 0.0.0.0/0', ['0.0.0.0/0'], '198.51.100.9', '0.0.0.0/0'],
    ['no address of version 6 is in 0.0.0.0/0', ['0.0.0.0/0'], '2001:db8::1', 'none'],
    ['addresses of version 6', ['2001:db8::/32', '2001:db8:1::/48'], '2001:db8:1::9', '2001:db8:1::/48'],
    ['a block is in a wider one', ['10.0.0.0/8'], '10.1.0.0/16', '10.0.0.0/8'],
    ['a block is not in a narrower one', ['10.1.0.0/16'], '10.0.0.0/8', 'none'],
    ['a name is only itself', ['mx.test', '0.0.0.0/0'], 'mx.test', 'mx.test'],
    ['a name is compared without regard to case', ['MX.test'], 'mx.TEST', 'MX.test'],
    ['another name takes no part', ['mx.test'], 'my.test', 'none'],
  ])('%s', (_name, names, peer, expected) => {
    const answer = ask(blocks(...names), `${LISTEN} > Peer ${peer}`);
    expect(answer).toMatchObject({ text: expected, indeterminate: false });
  });

  test('what the narrowest does not set, the next one does', () => {
    const text =
      'ESMTP_Listener { Listen ":25" { Peer "10.0.0.0/8" { Idle_Time = 7 } Peer "10.1.0.0/16" { TLS_Key = /k } } }';
    expect(ask(text, PEER)).toMatchObject({ text: '7', indeterminate: false });
  });

  test('a wider peer of the listen and a narrower one of its listener leave it open', () => {
    const text =
      'ESMTP_Listener { Peer "10.1.0.0/16" { Idle_Time = 7 } Listen ":25" { Peer "10.0.0.0/8" { Idle_Time = 9 } } }';
    const answer = ask(text, PEER);
    expect(answer).toMatchObject({ text: '9', indeterminate: true });
    expect(answer.candidates.map((one) => one.text)).toEqual(['9', '7']);
    expect(answer.why).toContain('narrower peer of its listener');
  });

  test.each([
    ['the narrower one is that of the listen', '10.1.0.0/16', '10.0.0.0/8', '9'],
    ['both are the same block', '10.0.0.0/8', '10.0.0.0/8', '9'],
  ])('nothing is open where %s', (_name, ofListen, ofListener, expected) => {
    const text = `ESMTP_Listener { Peer "${ofListener}" { Idle_Time = 7 } Listen ":25" { Peer "${ofListen}" { Idle_Time = 9 } } }`;
    expect(ask(text, PEER)).toMatchObject({ text: expected, indeterminate: false });
  });
});

// conf.ref.pathway.
describe('pathways', () => {
  test.each([
    [
      'in its group first',
      'Pathway_Group g { Pathway p { Idle_Time = 7 } }\nPathway p { Idle_Time = 9 }',
      'Pathway p',
      '7',
    ],
    [
      'then by itself',
      'Pathway_Group g { Relay_Hosts = 9 Pathway p { } }\nPathway p { Idle_Time = 7 }\nIdle_Time = 9',
      'Pathway p',
      '7',
    ],
    ['then the top level', 'Pathway p { }\nIdle_Time = 7', 'Pathway p', '7'],
    [
      'in the group that is named',
      'Pathway_Group g { Pathway p { Idle_Time = 9 } }\nPathway_Group h { Pathway p { Idle_Time = 7 } }',
      'Pathway_Group h > Pathway p',
      '7',
    ],
    [
      'in whichever group holds it',
      'Pathway_Group g { Pathway q { } }\nPathway_Group h { Pathway p { Idle_Time = 7 } }',
      'Pathway p',
      '7',
    ],
    ['another pathway takes no part', 'Pathway q { Idle_Time = 9 }\nIdle_Time = 7', 'Pathway p', '7'],
  ])('%s', (_name, text, path, expected) => {
    expect(ask(text, path)).toMatchObject({ text: expected, indeterminate: false });
  });

  // conf.ref.pathway_group, warning.
  test('a group does not hand down what is an option of the ESMTP listener', () => {
    const answer = ask('Pathway_Group g { Idle_Time = 9 Pathway p { } }\nIdle_Time = 7', 'Pathway p');
    expect(answer).toMatchObject({ text: '7', indeterminate: false });
    expect(answer.why).toBe('set in Global; idle_time in Pathway_Group:g: is not honoured');
  });

  test('a group hands down what is none', () => {
    const text = 'Pathway_Group g { Bounce_Domains = 7 Pathway p { } }\nBounce_Domains = 9';
    expect(ask(text, 'Pathway p', 'Bounce_Domains')).toMatchObject({ text: '7', indeterminate: false });
  });

  test('a group hands down an option that no table knows', () => {
    const text = 'Pathway_Group g { Unheard_Of = 7 }\nUnheard_Of = 9';
    expect(ask(text, 'Pathway_Group g', 'Unheard_Of')).toMatchObject({ text: '7' });
  });

  test.each([
    ['the listen', 'ESMTP_Listener { Listen ":25" { Pathway = p } }', LISTEN],
    ['the listener', 'ESMTP_Listener { Pathway = p Listen ":25" { } }', LISTEN],
    ['the peer', 'ESMTP_Listener { Listen ":25" { Peer "10.0.0.0/8" { Pathway = p } } }', PEER],
    ['the question', 'ESMTP_Listener { Listen ":25" { } }', `${LISTEN} > Pathway p`],
  ])('a pathway that %s names is asked before the top level', (_name, text, path) => {
    const answer = ask(`${text}\nPathway p { Idle_Time = 7 }\nIdle_Time = 9`, path);
    expect(answer).toMatchObject({ text: '7', indeterminate: false });
  });

  test('of several that are named, that of the narrowest scope is attached', () => {
    const text =
      'ESMTP_Listener { Pathway = q Listen ":25" { Pathway = p } }\nPathway p { Idle_Time = 7 }\nPathway q { Idle_Time = 9 }';
    expect(ask(text, LISTEN)).toMatchObject({ text: '7', indeterminate: false });
    expect(ask(text, LISTEN, 'Pathway')).toMatchObject({ text: 'p', indeterminate: false });
  });

  test('a list names no pathway', () => {
    const text =
      'ESMTP_Listener { Listen ":25" { Pathway = ( p ) } }\nPathway p { Idle_Time = 9 }\nIdle_Time = 7';
    expect(ask(text, LISTEN)).toMatchObject({ text: '7', indeterminate: false });
  });

  test('a pathway and the listener that differ leave it open', () => {
    const text = 'ESMTP_Listener { Pathway = p Idle_Time = 9 Listen ":25" { } }\nPathway p { Idle_Time = 7 }';
    const answer = ask(text, LISTEN);
    expect(answer).toMatchObject({ text: '9', indeterminate: true });
    expect(answer.candidates.map(({ where, text: value }) => [where, value])).toEqual([
      ['Esmtp_Listener::', '9'],
      ['Pathway:p:', '7'],
    ]);
    expect(answer.why).toContain('a listener or the pathway');
  });

  test('a pathway attached through a listener gets nothing of its group either', () => {
    const text =
      'ESMTP_Listener { Pathway = p Listen ":25" { } }\nPathway_Group g { Idle_Time = 9 Pathway p { } }\nIdle_Time = 7';
    expect(ask(text, LISTEN)).toMatchObject({ text: '7', indeterminate: false });
  });

  test('which pathway is attached is not looked up in a pathway', () => {
    const text = 'ESMTP_Listener { Pathway = p Listen ":25" { } }\nPathway p { Pathway = q }';
    expect(ask(text, LISTEN, 'Pathway')).toMatchObject({ text: 'p', indeterminate: false });
  });
});
