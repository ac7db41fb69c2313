import { expect, test } from 'vitest';
import { laidNodes } from './node.js';

const newNode = laidNodes();

test('a node in order fails nothing, and leaves nothing open but what a tree at rest cannot tell', async () => {
  const verdicts = await newNode().verdicts();
  const open = verdicts.filter(({ status }) => status !== 'pass' && status !== 'not-applicable');
  // Momentum's own programs are not run in a tree that is only read: what only they tell needs a live node.
  expect(open.map(({ control, status, reason }) => [control, status, reason])).toEqual([
    ['MOM-CFG-001', 'indeterminate', expect.stringContaining('validate_config')],
    ['MOM-CFG-002', 'indeterminate', expect.stringContaining('eccfg was not run')],
    ['MOM-CFG-002', 'indeterminate', expect.stringContaining('eccfg was not run')],
    ['MOM-CFG-004', 'indeterminate', expect.stringContaining('Look on the live node')],
    ['MOM-CRED-005', 'indeterminate', expect.stringContaining('credmgr was not asked')],
    // Which OpenSSL runs is asked of the system: without that, TLS 1.0 may be all that there is. Outbound, inbound.
    ['MOM-TLS-005', 'indeterminate', expect.stringContaining('Which OpenSSL')],
    ['MOM-TLS-005', 'indeterminate', expect.stringContaining('Which OpenSSL')],
  ]);
});
