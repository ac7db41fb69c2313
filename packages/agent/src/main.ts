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
// Everything is closed by now. What was said has to be out; taking a large heap apart would be a tenth of a second more.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
setTimeout(() => process.exit(code), LINGER_MS).unref();
