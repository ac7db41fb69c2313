import { describe, expect, test } from 'vitest';
import { fieldsOf, typedOf, valuesOf, whereOf } from './channel-fields.js';

const SCHEMA = {
  type: 'object',
  required: ['host', 'port', 'tls', 'to'],
  properties: {
    host: { type: 'string', title: 'Mail server', description: 'Its name', maxLength: 253 },
    port: { type: 'integer', title: 'Port', default: 587 },
    tls: { enum: ['implicit', 'starttls'], title: 'TLS', default: 'starttls' },
    to: { type: 'array', items: { type: 'string' }, title: 'To' },
    user: { type: 'string', maxLength: 256 },
    ca: { type: 'string', maxLength: 65_536 },
  },
};
const fields = fieldsOf(SCHEMA);

test('each property is a field of its kind', () => {
  expect(fields.map(({ name, input, isRequired }) => [name, input.kind, isRequired])).toEqual([
    ['host', 'text', true],
    ['port', 'number', true],
    ['tls', 'choice', true],
    ['to', 'list', true],
    ['user', 'text', false],
    ['ca', 'long', false],
  ]);
  expect(fields[0]).toMatchObject({ title: 'Mail server', help: 'Its name' });
  expect(fields[4]).toMatchObject({ title: 'user', help: '' });
});

test('what is set comes back as it was', () => {
  const set = { host: 'mail.example.com', port: 25, tls: 'implicit', to: ['a@x.example', 'b@x.example'] };
  expect(valuesOf(fields, typedOf(fields, set))).toEqual(set);
});

test('a new form begins with what the schema offers', () => {
  expect(typedOf(fields, {})).toEqual({ host: '', port: '587', tls: 'starttls', to: '', user: '', ca: '' });
});

describe('what was typed', () => {
  test.each([
    [
      { host: ' mail ', port: '25', tls: 'implicit', to: ' a \n\n b ' },
      { host: 'mail', port: 25, to: ['a', 'b'] },
    ],
    [
      { host: '', port: '', tls: 'implicit', to: '' },
      { host: '', port: null, to: [] },
    ],
    [{ port: 'x' }, { port: Number.NaN }],
    [{ ca: 'line\n line\n', user: ' ' }, { ca: 'line\n line\n' }],
  ])('%j', (typed, values) => {
    expect(valuesOf(fields, typed)).toMatchObject(values);
    expect(valuesOf(fields, typed)).not.toHaveProperty('user');
  });
});

test.each([
  [{ url: 'https://a.example' }, 'https://a.example'],
  [{ urls: ['https://a.example', 'https://b.example'] }, 'https://a.example, https://b.example'],
  [{ host: 'mail', to: ['a@x.example'] }, 'a@x.example'],
  [{}, ''],
])('%j leads to %s', (settings, where) => expect(whereOf(settings)).toBe(where));

test('anything but a schema has no fields', () => expect([fieldsOf(null), fieldsOf({})]).toEqual([[], []]));
