import { expect, test } from 'vitest';
import { needsTls12, parseCipherList } from './cipher-list.js';

test.each<[string, string, string, string | null]>([
  ['DEFAULT', 'yes', 'yes', null],
  ['DEFAULT:!LOW:!EXP', 'yes', 'yes', null],
  ['DEFAULT:!EDH', 'no', 'yes', '!EDH'],
  ['DEFAULT:-EDH', 'no', 'yes', '-EDH'],
  ['DEFAULT !EDH', 'no', 'yes', '!EDH'],
  ['DEFAULT,!kEDH', 'no', 'yes', '!kEDH'],
  ['ALL:!DH', 'no', 'yes', '!DH'],
  ['ALL:!DHE', 'no', 'yes', '!DHE'],
  ['ALL:-EDH:EDH', 'yes', 'yes', null],
  ['ALL:!EDH:EDH', 'no', 'yes', '!EDH'],
  ['!EDH:ALL', 'no', 'yes', '!EDH'],
  ['ALL:+EDH', 'yes', 'yes', null],
  ['DEFAULT:@STRENGTH', 'yes', 'yes', null],
  ['AES256-SHA:AES128-SHA:DES-CBC3-SHA', 'no', 'no', null],
  ['ECDHE-RSA-AES256-GCM-SHA384:AES256-SHA', 'no', 'yes', null],
  ['DHE-RSA-AES256-SHA', 'yes', 'no', null],
  ['EDH-RSA-DES-CBC3-SHA', 'yes', 'no', null],
  ['kEDH+AESGCM', 'yes', 'no', null],
  ['kRSA+AES', 'no', 'no', null],
  ['ALL:!ALL', 'no', 'no', '!ALL'],
  ['ALL:!aNULL:!eNULL:!RC4:!MD5:!3DES', 'yes', 'yes', null],
  ['ALL:!AES', 'unclear', 'unclear', null],
  ['ALL:!SECLEVELX', 'unclear', 'unclear', null],
  ['PROFILE=SYSTEM', 'unclear', 'unclear', null],
  ['DHE-RSA-AES256-SHA:WHATEVER', 'yes', 'unclear', null],
  ['', 'no', 'no', null],
])('%s: DHE %s, ECDHE %s, taken away by %s', (text, dhe, ecdhe, excludesDhe) => {
  expect(parseCipherList(text)).toEqual({ dhe, ecdhe, excludesDhe });
});

/** What a word offers alone, and what it leaves of a list that offers both. */
const groups: [string, [string, string], [string, string], string][] = [
  [
    'words for both that leave some of both',
    ['yes', 'yes'],
    ['yes', 'yes'],
    'AES128 AES256 AESGCM SHA256 SHA384 aDSS DSS CAMELLIA CAMELLIA128 CAMELLIA256 3DES COMPLEMENTOFDEFAULT',
  ],
  [
    'words for most of what there is',
    ['yes', 'yes'],
    ['unclear', 'unclear'],
    'AES HIGH aRSA SHA SHA1 TLSv1.2 FIPS SSLv3 TLSv1 TLSv1.0',
  ],
  ['words for everything', ['yes', 'yes'], ['no', 'no'], 'ALL DEFAULT'],
  ['words for DHE', ['yes', 'no'], ['no', 'yes'], 'DHE EDH kEDH kDHE DH'],
  ['words for ECDHE', ['no', 'yes'], ['yes', 'no'], 'ECDHE EECDH kEECDH kECDHE ECDH'],
  ['words for certificates of ECDHE', ['no', 'yes'], ['yes', 'yes'], 'aECDSA ECDSA'],
  [
    'words for neither',
    ['no', 'no'],
    ['yes', 'yes'],
    'kRSA aNULL eNULL NULL ADH AECDH EXP EXPORT EXPORT40 EXPORT56 LOW PSK kPSK SRP KRB5 kKRB5 SSLv2 DES RC2 RC4 IDEA SEED MD5 MEDIUM kDH kDHr kDHd kECDHr kECDHe aDH aECDH aPSK aKRB5 GOST',
  ],
  [
    'suites of DHE',
    ['yes', 'no'],
    ['yes', 'yes'],
    'DHE-RSA-AES256-SHA EDH-RSA-DES-CBC3-SHA EXP-EDH-RSA-DES-CBC-SHA',
  ],
  ['suites of ECDHE', ['no', 'yes'], ['yes', 'yes'], 'ECDHE-ECDSA-AES128-SHA ECDHE-RSA-NULL-SHA'],
  [
    'suites of neither',
    ['no', 'no'],
    ['yes', 'yes'],
    'AES256-SHA CAMELLIA128-SHA DES-CBC3-SHA RC4-MD5 RC2-CBC-MD5 SEED-SHA IDEA-CBC-SHA NULL-SHA EXP-RC4-MD5 ADH-AES256-SHA AECDH-AES128-SHA ECDH-RSA-AES128-SHA DH-RSA-AES128-SHA PSK-AES128-CBC-SHA SRP-AES-128-CBC-SHA SRP-RSA-AES-128-CBC-SHA DH-DSS-AES128-SHA ECDH-ECDSA-AES128-SHA KRB5-DES-CBC-SHA',
  ],
  [
    'words that are not known',
    ['unclear', 'unclear'],
    ['unclear', 'unclear'],
    'all Dhe XDHE-RSA-AES256-SHA XECDHE-A XAES256-SHA AES256_SHA',
  ],
];

test.each(
  groups.flatMap(([title, alone, left, words]) =>
    words.split(' ').map((word) => [title, word, alone, left] as const),
  ),
)('%s: %s', (_title, word, [dhe, ecdhe], [dheLeft, ecdheLeft]) => {
  expect(parseCipherList(word)).toMatchObject({ dhe, ecdhe });
  expect(parseCipherList(`ALL:-${word}`)).toMatchObject({ dhe: dheLeft, ecdhe: ecdheLeft });
});

test.each<[string, string, string, string | null]>([
  ['kEDH+WHATEVER', 'unclear', 'unclear', null],
  ['ECDHE+AES', 'no', 'yes', null],
  ['AES+SHA', 'yes', 'yes', null],
  ['ALL:-EDH+AES', 'yes', 'yes', null],
  ['ALL:!EDH:!DH', 'no', 'yes', '!DH'],
  ['ALL:!ECDHE', 'yes', 'no', null],
  ['ALL:!ECDHE:ALL', 'yes', 'no', null],
  ['ALL:!EDH:kEDH+AES', 'no', 'yes', '!EDH'],
  ['ALL:!EDH:WHATEVER', 'no', 'yes', '!EDH'],
  ['WHATEVER:-EDH', 'no', 'unclear', '-EDH'],
  ['-EDH:WHATEVER', 'unclear', 'unclear', '-EDH'],
  ['EDH:-WHATEVER', 'unclear', 'no', null],
  ['ALL:+WHATEVER', 'yes', 'yes', null],
  ['@SECLEVEL=2', 'no', 'no', null],
  ['  ALL ,, -EDH  ', 'no', 'yes', '-EDH'],
])('%j in steps: DHE %s, ECDHE %s, taken away by %s', (text, dhe, ecdhe, excludesDhe) => {
  expect(parseCipherList(text)).toEqual({ dhe, ecdhe, excludesDhe });
});

// RFC 5246, 5288 and 7905: authenticated encryption and suites with SHA-2 came with TLS 1.2.
test.each<[string, boolean]>([
  ['ECDHE-RSA-AES128-GCM-SHA256', true],
  ['AES256-GCM-SHA384:AES128-SHA256', true],
  ['AES256-GCM-SHA384 AES128-SHA256', true],
  ['AES256-GCM-SHA384, AES128-SHA256', true],
  ['ECDHE-ECDSA-AES256-CCM8', true],
  ['ECDHE-ECDSA-AES256-CCM', true],
  ['ECDHE-RSA-CHACHA20-POLY1305', true],
  ['TLSv1.2', true],
  ['AESGCM', true],
  ['kEDH+AESGCM', true],
  ['AESGCM+kEDH', true],
  ['AESGCM:!aNULL:-MD5:@STRENGTH', true],
  ['!aNULL:AESGCM', true],
  ['SHA256', true],
  ['SHA384', true],
  ['AESCCM', true],
  ['ARIAGCM', true],
  ['CHACHA20', true],
  ['AES128-SHA', false],
  ['ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA', false],
  ['AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256', false],
  ['ECDHE-RSA-AES128-GCM-SHA256+AES', true],
  ['DEFAULT', false],
  ['HIGH:AESGCM', false],
  ['kEDH+AES', false],
  ['XTLSv1.2', false],
  ['TLSv1.20', false],
  ['TLSv1x2', false],
  ['AES128-SHA2567', false],
  ['!AESGCM', false],
  ['', false],
])('%s leaves only TLS 1.2: %s', (text, expected) => {
  expect(needsTls12(text)).toBe(expected);
});
