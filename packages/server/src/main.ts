import { runProgram } from './cli/program.js';

// `castellan-server config print | head`: whoever read has read enough.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE') process.exit(0);
  throw cause;
});

process.exitCode = await runProgram(process.argv.slice(2));
