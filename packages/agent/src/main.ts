import { processOutput } from './cli/output.js';
import { runProgram } from './cli/program.js';

/** Of output that nobody takes. */
const LINGER_MS = 5000;

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new Error(name)));
}
const code = await runProgram(process.argv.slice(2), processOutput(), interrupt.signal);
process.exitCode = code;
// Where nothing is waited for, what was said has to be out and no more: taking a large heap apart is a tenth of a second.
if (process.getActiveResourcesInfo().length === 0)
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
setTimeout(() => process.exit(code), LINGER_MS).unref();
