import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './entry-process.js';

interface Part {
  readonly package: string;
  readonly program: string;
}

/** What only tests use; a node of the compose file is not inspected over SSH. */
const NOT_OF_NODES = [
  'busybox',
  'chromium',
  'docker-compose',
  'libfaketime',
  'libperl-minimumversion-perl',
  'openssh-client',
  'openssh-server',
  'pebble',
  'prometheus-alertmanager',
  'sudo',
  'tcsh',
];

/** The Debian packages that a real stand-in node is made of. */
export function nodeParts(): readonly Part[] {
  const file = join(REPOSITORY, 'test/standin/real-parts.json');
  const { packages }: { readonly packages: readonly Part[] } = JSON.parse(readFileSync(file, 'utf8'));
  return packages.filter((part) => !NOT_OF_NODES.includes(part.package));
}
