import { processOutput } from './cli/output.js';
import { runProgram } from './cli/program.js';

/** What has ended but is kept alive by something that nobody closed is ended by then. */
const LINGER_MS = 5000;

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new Error(name)));
}
const code = await runProgram(process.argv.slice(2), processOutput(), interrupt.signal);
process.exitCode = code;
setTimeout(() => process.exit(code), LINGER_MS).unref();
