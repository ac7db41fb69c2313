import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './entry-process.js';

interface Part {
  readonly package: string;
  readonly program: string;
}

const NOT_OF_NODES = ['chromium', 'docker-compose', 'libfaketime', 'pebble', 'prometheus-alertmanager'];

/** The Debian packages that a real stand-in node is made of. */
export function nodeParts(): readonly Part[] {
  const file = join(REPOSITORY, 'test/standin/real-parts.json');
  const { packages }: { readonly packages: readonly Part[] } = JSON.parse(readFileSync(file, 'utf8'));
  return packages.filter((part) => !NOT_OF_NODES.includes(part.package));
}
