import { afterEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../testing/tree.js';
import { nodePorts } from '../adapters/node-ports.js';
import type { FileReader } from '../ports/files.js';
import { nodeInspection } from './node-inspection.js';

const CONF = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
const CLOSED = 'ESMTP_Listener {\n  Listen ":25" { }\n}\n';
const OPEN = 'ESMTP_Listener {\n  Listen ":25" {\n    Open_Relay = true\n  }\n}\n';
const CONTROL = 'MOM-REL-001';

const trees: TestTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

/** A look at a node with this configuration, and how often its file was read. */
function inspecting(conf: string) {
  const tree = new TestTree();
  trees.push(tree);
  tree.put('/etc/passwd', 'root:x:0:0::/:/bin/sh\necuser:x:7100:7100::/:/bin/false\n');
  tree.put('/etc/group', 'ecuser:x:7100:\n');
  tree.put('/opt/msys/ecelerity/sbin/ecelerity', '');
  tree.put(CONF, conf);
  const ports = nodePorts(tree.root, { live: false, probe: false });
  let reads = 0;
  const files: FileReader = {
    ...ports.files,
    capture(path, options) {
      if (path === CONF) reads += 1;
      return ports.files.capture(path, options);
    },
  };
  const inspection = nodeInspection({
    ports: { ...ports, files },
    settings: { nodeName: null, assumeMomentum: '3.6.23', probe: false, live: false },
    signal: new AbortController().signal,
  });
  return { tree, inspection, reads: () => reads };
}

describe('a look at the node', () => {
  test('collects once for verify and for every control that passes', async () => {
    const { inspection, reads } = inspecting(CLOSED);
    await inspection.collect(['momentumConfig']);
    const once = reads();
    expect(once).toBeGreaterThan(0);
    await inspection.collect(['momentumConfig', 'install']);
    expect(await inspection.recheck(CONTROL)).toMatchObject({ status: 'pass' });
    expect(await inspection.recheck(CONTROL)).toMatchObject({ status: 'pass' });
    expect(reads()).toBe(once);
  });

  test('looks again before it says that a control does not pass', async () => {
    const { tree, inspection, reads } = inspecting(OPEN);
    await inspection.collect(['momentumConfig']);
    const once = reads();
    expect(await inspection.recheck(CONTROL)).toMatchObject({ status: 'fail' });
    expect(reads()).toBe(2 * once);
    tree.put(CONF, CLOSED);
    expect(await inspection.recheck(CONTROL)).toMatchObject({ status: 'pass' });
  });
});
