// One whole scan as a process: node scan-child.mjs ROOT FOLDER. Prints what it saw.
import { nodeFiles } from '../../packages/agent/dist/adapters/node-files.js';
import { scanTree } from '../../packages/agent/dist/knowledge/permissions/tree-scan.js';

const [root, folder] = process.argv.slice(2);
// A user that owns none of the files and is in none of their groups.
const somebody = { name: 'somebody', uid: 64999, gid: 64999, groups: [64999] };
const seen = await scanTree(nodeFiles(root), { roots: [folder] }, somebody, new AbortController().signal);
process.stdout.write(JSON.stringify({ entriesSeen: seen.entriesSeen, denied: seen.denied.length }));
