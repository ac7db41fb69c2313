import { processOutput } from './cli/output.js';
import { runProgram } from './cli/program.js';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new Error(name)));
}
const code = await runProgram(process.argv.slice(2), processOutput(), interrupt.signal);
process.exitCode = code;
