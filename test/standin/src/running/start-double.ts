import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pidFile, type ServiceName, waitUntil } from './service-processes.js';
import { type StandinNode, statePath } from './standin-node.js';

const DOUBLE = join(dirname(fileURLToPath(import.meta.url)), '..', 'services', 'double.js');
const START_MS = 20_000;

/** Starts a double that outlives us. Answers what it complained of, or null when it serves. */
export async function startDouble(node: StandinNode, service: ServiceName): Promise<string | null> {
  const complaint = statePath(node, `${service}.error`);
  for (const file of [complaint, pidFile(node, service)]) rmSync(file, { force: true });
  const child = spawn(process.execPath, [DOUBLE, '--root', node.root, service], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  let isGone = false;
  child.once('exit', () => {
    isGone = true;
  });
  await waitUntil(() => existsSync(pidFile(node, service)) || isGone, START_MS);
  if (existsSync(pidFile(node, service))) return null;
  return existsSync(complaint)
    ? readFileSync(complaint, 'utf8').trim()
    : `${service} did not start in ${START_MS} ms`;
}
