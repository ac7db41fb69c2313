/**
 * validate_config. Manual, executable.validate_config: prints `Configuration valid`, or `No configuration found`, or,
 * for a configuration that is not valid, nothing at all.
 * ASSUMED: it exits 0 in every case; the page names no exit codes, so nobody may rely on one.
 */
import { loadFromDisk, mainFileExists } from '../running/console-config.js';
import { launched } from '../running/standin-node.js';

const { node } = launched(process.argv.slice(2));
if (!mainFileExists(node)) process.stdout.write('No configuration found\n');
else if (loadFromDisk(node).ok) process.stdout.write('Configuration valid\n');
