import { hostname } from 'node:os';
import { casError } from '@castellan/shared/errors/cas-error';
import { Command, InvalidArgumentError } from 'commander';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { AGENT_VERSION } from '../app/version.js';
import { readIdentities, removeCandidate } from '../link/candidate.js';
import type { EnrolmentInput } from '../link/enrol.js';
import { writeIdentity } from '../link/identity.js';
import { beginRemembering } from '../link/remembered.js';
import { removeTrust } from '../link/trust.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import type { Output } from './output.js';
import { settingsOf } from './settings-of.js';
import { readNamed } from './tree-options.js';

interface EnrollOptions {
  readonly server: URL;
  readonly tokenFile: string;
  readonly name?: string;
  readonly config?: string;
  readonly state?: string;
  readonly force?: boolean;
}

export function enrollCommand(output: Output): Command {
  return new Command('enroll')
    .description('join this node to a server: makes a key that never leaves, and fetches a certificate')
    .requiredOption(
      '--server <url>',
      "the server's agents' port: https://castellan.example.com:8443",
      serverArgument,
    )
    .requiredOption('--token-file <file>', 'the one-time token; - for stdin')
    .option('--name <node>', "the node's name (default: the setting, else the host's name)")
    .option('--config <file>', 'the settings file')
    .option('--state <dir>', 'the state folder (default: the setting)')
    .option('--force', 'replace the identity that is there')
    .addHelpText(
      'after',
      '\nExample:\n  castellan-server token create --group default --ttl 1h > token    (on the server)\n  castellan-agent enroll --server https://castellan.example.com:8443 --token-file token',
    )
    .action((options: EnrollOptions) => enroll(options, output));
}

export function serverArgument(given: string): URL {
  const text = /^[a-z]+:\/\//.test(given) ? given.replace(/^wss:/, 'https:') : `https://${given}`;
  if (!URL.canParse(text) || new URL(text).protocol !== 'https:')
    throw new InvalidArgumentError('It looks like https://host:port.');
  return new URL(text);
}

async function enroll(options: EnrollOptions, output: Output): Promise<void> {
  const { settings } = settingsOf(
    options.config,
    options.state === undefined ? {} : { state: options.state },
  );
  const store = nodeStateStore(settings.state);
  const name = options.name ?? settings.name ?? hostname();
  try {
    const read = readIdentities(store);
    const known = read.ok ? (read.value?.current ?? read.value?.candidate ?? null) : null;
    if (known !== null && options.force !== true) {
      throw casError(
        'CAS_CONFLICT',
        `this node is enrolled already, as ${known.name}; --force replaces that identity`,
      );
    }
    const nodeId = await enrolInto(store, {
      server: options.server,
      token: readNamed(options.tokenFile),
      name,
      oldKeyPem: known?.name === name ? known.keyPem : null,
    });
    output.note(
      `Enrolled as ${name} (${nodeId}). The key is in ${settings.state}/identity. Start the agent: castellan-agent run\n`,
    );
  } catch (error) {
    if (error instanceof StateProblem) throw casError('CAS_STATE_UNUSABLE', error.message, error);
    throw error;
  }
}

/** Fetches an identity and keeps it, in place of what was there. The node's id. */
export async function enrolInto(
  store: StateStore,
  asked: Omit<EnrolmentInput, 'agentVersion'>,
): Promise<string> {
  const { enrol } = await import('../link/enrol.js');
  const identity = await enrol({ ...asked, agentVersion: AGENT_VERSION });
  if (!identity.ok) throw identity.error;
  beginRemembering(store);
  // First: a candidate of the identity before would be tried in place of the new one.
  removeCandidate(store);
  // What was said to it is no word to the next; without it the identity itself says whom to trust.
  removeTrust(store);
  writeIdentity(store, identity.value);
  return identity.value.nodeId;
}
