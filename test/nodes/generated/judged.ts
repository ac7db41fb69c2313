import { nodePorts } from '../../../packages/agent/src/adapters/node-ports.js';
import { scanOnce } from '../../../packages/agent/src/app/scan-once.js';
import type { ExecRequest, ExecResult } from '../../../packages/agent/src/ports/exec.js';
import type { Verdict } from '../../../packages/shared/src/model/verdict.js';
import type { GeneratedNode } from './generate.js';

export function describe(node: GeneratedNode, seed: number): string {
  return `seed ${seed}: ${node.layout} on ${node.system.name}, Momentum ${node.momentum} (${node.details.join(', ')})`;
}

/** Judged as a tree that is only read; of its programs only `svcs` answers, where the node says so. */
export async function judged(node: GeneratedNode, dir: string): Promise<readonly Verdict[]> {
  const ports = nodePorts(dir, { live: false, probe: false });
  const run = async (request: ExecRequest): Promise<ExecResult> =>
    request.program === '/usr/bin/svcs' && node.nameServiceCache !== null
      ? { kind: 'exited', code: 0, stdout: `${node.nameServiceCache}\n`, stderr: '' }
      : ports.exec.run(request);
  const { report } = await scanOnce({
    ports: { ...ports, exec: { run } },
    settings: { nodeName: null, assumeMomentum: node.momentum, probe: false, live: false },
    signal: new AbortController().signal,
  });
  return report.verdicts;
}
