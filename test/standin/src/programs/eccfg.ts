/**
 * eccfg status | pull | commit | put running | subcluster clusters. Manual, executable.eccfg; for the words of commit,
 * conf.adding.configuration.files. A pull puts a new folder in conf's place and says so.
 * ASSUMED: it exits 1 when a command failed; the pages give no exit codes.
 */
import { createInterface } from 'node:readline';
import { keepRunning, loadFromDisk } from '../running/console-config.js';
import { type Login, storedLogin } from '../running/repository-users.js';
import { launched, type StandinNode } from '../running/standin-node.js';
import { signalListener } from './console/plain-commands.js';
import { type EccfgCall, parseCall } from './eccfg/options.js';
import { snapshotCopy } from './eccfg/snapshot-copy.js';
import { subversionCopy } from './eccfg/subversion-copy.js';
import type { WorkingCopy } from './eccfg/working-copy.js';

const INVALIDATED = `Note: your current working directory has been invalidated by the "pull"
command.  You will need to run "cd /opt/msys/ecelerity/etc/conf"
to return to the same location in the file system.
`;

function say(call: EccfgCall, text: string): void {
  if (!call.flags.has('quiet')) process.stdout.write(text);
}

function failed(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}

async function status(copy: WorkingCopy): Promise<number> {
  for (const { mark, path } of await copy.status()) process.stdout.write(`${mark}       ${path}\n`);
  return 0;
}

async function pull(node: StandinNode, copy: WorkingCopy, call: EccfgCall): Promise<number> {
  const choice = call.flags.has('mine') ? 'mine' : call.flags.has('theirs') ? 'theirs' : null;
  const answer = await copy.pull(choice);
  if (answer.kind === 'failed') return failed(answer.text);
  if (answer.kind === 'conflict')
    return failed(`Conflict: ${answer.paths.join(', ')}. Use --mine, --theirs or --manual.`);
  say(call, answer.kind === 'replaced' ? `OK\n${INVALIDATED}` : 'OK\n');
  if (answer.kind === 'replaced' && choice === null) reloadAfterPull(node);
  return 0;
}

/** A clean pull that changed something loads it too (Manual, executable.eccfg); a bad one leaves the old one running. */
function reloadAfterPull(node: StandinNode): void {
  const loaded = loadFromDisk(node);
  if (!loaded.ok) return;
  keepRunning(node, loaded.config);
  signalListener(node);
}

async function commit(node: StandinNode, copy: WorkingCopy, call: EccfgCall): Promise<number> {
  const login = await loginOf(node, call);
  if (login === null) return failed('Authentication is needed: give --username and --password');
  const answer = await copy.commit(login, {
    message: call.values.get('message') ?? '',
    addAll: call.flags.has('add-all'),
    deleteAll: call.flags.has('delete-all'),
  });
  if (answer.kind === 'failed') return failed(answer.text);
  if (answer.kind === 'nothing') {
    say(call, 'Nothing to commit\n');
    return 0;
  }
  const verb = { M: 'Sending       ', C: 'Sending       ', '?': 'Adding        ', '!': 'Deleting      ' };
  for (const { mark, path } of answer.changes) say(call, `${verb[mark]} ${path}\n`);
  say(call, `Transmitting file data.\nCommitted revision ${answer.revision}.\n`);
  return 0;
}

/** From the options, then from the credential store, then by asking for the password. */
async function loginOf(node: StandinNode, call: EccfgCall): Promise<Login | null> {
  const username = call.values.get('username');
  const password = call.values.get('password');
  if (username !== undefined && password !== undefined) return { username, password };
  const stored = await storedLogin(node.tree);
  if (stored !== null && (username === undefined || username === stored.username)) return stored;
  const typed = await askedPassword();
  return typed === null ? null : { username: username ?? process.env.USER ?? 'ecuser', password: typed };
}

async function askedPassword(): Promise<string | null> {
  process.stderr.write('Password: ');
  for await (const line of createInterface({ input: process.stdin })) return line;
  return null;
}

async function act(node: StandinNode, call: EccfgCall): Promise<number> {
  const copy = node.settings.form === 'real' ? subversionCopy(node) : snapshotCopy(node);
  if (call.command === 'status') return status(copy);
  if (call.command === 'pull') return pull(node, copy, call);
  if (call.command === 'commit') return commit(node, copy, call);
  // The running configuration goes to the repository for the web UI to read; cron does it every five minutes.
  if (call.command === 'put' && call.words[0] === 'running') return 0;
  if (call.command === 'subcluster' && call.words[0] === 'clusters') {
    process.stdout.write('default\n');
    return 0;
  }
  return failed('Usage: eccfg { status | pull | commit | put running | subcluster clusters } [options]');
}

const { node, args } = launched(process.argv.slice(2));
try {
  process.exitCode = await act(node, parseCall(args));
} catch (error) {
  process.exitCode = failed(error instanceof Error ? error.message : String(error));
}
