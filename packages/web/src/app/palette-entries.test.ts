import { expect, test } from 'vitest';
import { ENTRIES_MAX, entriesFor } from './palette-entries.js';

const KNOWN = {
  pages: [
    { to: '/', name: 'Overview' },
    { to: '/nodes', name: 'Nodes' },
  ],
  nodes: [{ id: 'nod_1', name: 'mta1.example.com', group: 'edge' }],
  controls: Array.from({ length: 30 }, (_, n) => ({
    id: `MOM-TLS-0${n + 10}`,
    title: n === 0 ? 'Old protocols are off' : 'Certificates are good',
  })),
};

test.each([
  ['', ['Overview', 'Nodes']],
  ['over', ['Overview', 'mta1.example.com']],
  ['old PROTOCOLS', ['mta1.example.com', 'MOM-TLS-010']],
  ['mom-tls-011', ['mta1.example.com', 'MOM-TLS-011']],
  ['fnd_abc', ['mta1.example.com', 'fnd_abc']],
  ['fnd_a/../b', ['mta1.example.com']],
])('%j leads to %j', (typed, names) => {
  expect(entriesFor(typed, KNOWN).map(({ name }) => name)).toEqual(names);
});

test('a control leads to its findings', () => {
  expect(entriesFor('MOM-TLS-012', KNOWN).at(-1)).toMatchObject({
    to: '/findings',
    search: { control: 'MOM-TLS-012' },
  });
});

test('of one kind there are no more than so many', () => {
  expect(entriesFor('good', KNOWN).filter(({ kind }) => kind === 'Control')).toHaveLength(ENTRIES_MAX);
});
