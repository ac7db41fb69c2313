import { expect, test } from 'vitest';
import { parseCipherList } from './cipher-list.js';

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
