import { expect, test } from 'vitest';
import { labelOf } from './label-words.js';

test.each([
  ['validDays', 'Valid days'],
  ['tlsProtocols', 'TLS protocols'],
  ['node_id', 'Node ID'],
  ['finding.acknowledge', 'Finding acknowledge'],
  ['leftOut', 'Left out'],
  ['protocols', 'Protocols'],
  ['', ''],
])('%j is %j', (name, label) => {
  expect(labelOf(name)).toBe(label);
});
