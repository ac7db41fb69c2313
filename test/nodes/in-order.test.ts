import { expect, test } from 'vitest';
import { laidNodes } from './node.js';

const newNode = laidNodes();

test('a node in order fails nothing, and leaves nothing open but what a tree at rest cannot tell', async () => {
  const verdicts = await newNode().verdicts();
  const open = verdicts.filter(({ status }) => status !== 'pass' && status !== 'not-applicable');
  // Momentum's own program judges the configuration, and is not run in a tree that is only read.
  expect(open.map(({ control, status, reason }) => [control, status, reason])).toEqual([
    ['MOM-CFG-001', 'indeterminate', expect.stringContaining('validate_config')],
    // Which OpenSSL runs is asked of the system: without that, TLS 1.0 may be all that there is. Outbound, inbound.
    ['MOM-TLS-005', 'indeterminate', expect.stringContaining('Which OpenSSL')],
    ['MOM-TLS-005', 'indeterminate', expect.stringContaining('Which OpenSSL')],
  ]);
});
