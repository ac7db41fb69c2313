import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

const TOOL_MS = 10_000;
export const TOOL_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** One of the system's own tools, with open descriptors as its 3, 4 and so on: Node has no calls for what they do. */
export function runOnDescriptors(
  tool: string,
  args: readonly string[],
  ...descriptors: readonly number[]
): SpawnSyncReturns<Buffer> {
  return spawnSync(tool, args, {
    cwd: '/',
    env: TOOL_ENV,
    stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
    timeout: TOOL_MS,
  });
}
