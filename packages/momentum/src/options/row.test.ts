import { describe, expect, test } from 'vitest';
import type { OptionRow } from './row.js';

const good = { name: 'tls', type: 'text', scopes: ['global'], page: 'conf.ref.tls' } as const;

/** What the compiler has to refuse: were one of these lines right, its @ts-expect-error would be an error itself. */
// biome-ignore format: the compiler's complaint has to be on the line below its comment
const REFUSED: readonly OptionRow[] = [
  // @ts-expect-error no such scope
  { ...good, scopes: ['globall'] },
  // @ts-expect-error no such type
  { ...good, type: 'string' },
  // @ts-expect-error a name is looked up in lower case
  { ...good, name: 'TLS' },
  // @ts-expect-error a release of the other line
  { ...good, since3: '4.1' },
  // @ts-expect-error a release of the other line
  { ...good, since4: '3.6.6' },
  // @ts-expect-error a release is numbers
  { ...good, since4: '4.1-HF4' },
  // @ts-expect-error branches stand apart by a comma and a blank
  { ...good, since3: '3.5.10 3.6.4' },
  // @ts-expect-error 3.x has three parts at most
  { ...good, since3: '3.6.6.1' },
  // @ts-expect-error a number is no word
  { ...good, type: 'number', default: 'many' },
  // @ts-expect-error two releases in one cell are two defaults
  { ...good, type: 'number', default: '100, 1000' },
  // @ts-expect-error a mode has its leading zero
  { ...good, type: 'mode', default: '640' },
  // @ts-expect-error a path begins at the root
  { ...good, type: 'path', default: 'etc/license' },
  // @ts-expect-error a boolean is none of three
  { ...good, type: 'boolean', default: 'ifavailable' },
  // @ts-expect-error one dated default is no list of them
  { ...good, default: [{ since: '3.0', text: 'no' }] },
  // @ts-expect-error a dated default has a release
  { ...good, default: [{ since: 'first', text: 'no' }, { since: '3.6', text: 'yes' }] },
  // @ts-expect-error each dated default is of the row's type
  { ...good, type: 'number', default: [{ since: '3.0', text: '1' }, { since: '3.6', text: 'one' }] },
  // @ts-expect-error either a restart or nothing
  { ...good, restart: 'reload' },
  // @ts-expect-error no page of this name
  { ...good, page: 'conf.refn_failures_notify' },
];

const ACCEPTED: readonly OptionRow[] = [
  good,
  { ...good, since3: '3.5.10, 3.6.4', since4: '4.1.0.2' },
  {
    ...good,
    default: [
      { since: '3.0', text: null },
      { since: '3.0.17', text: 'mutex' },
    ],
  },
  { ...good, type: 'mode', default: '0640', restart: true, secret: true },
];

describe('the form of a row', () => {
  test('is checked by the compiler', () => {
    expect(REFUSED).toHaveLength(18);
    expect(ACCEPTED).toHaveLength(4);
  });
});
