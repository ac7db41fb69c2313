import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const LINKS_MAX = 40;

/** Where a path of the node is on this host, links followed as if the tree were `/`. Missing parts stay as they are. */
export function hostPath(root: string, path: string): string {
  let rest = path.split('/').filter((part) => part !== '');
  let at = '/';
  let links = 0;
  while (rest.length > 0) {
    const [part = '', ...others] = rest;
    rest = others;
    const next = resolve(at, part);
    const target = linkTarget(join(root, next));
    if (target === null) {
      at = next;
      continue;
    }
    links += 1;
    if (links > LINKS_MAX) throw new Error(`${path}: more than ${LINKS_MAX} links`);
    const whole = resolve(dirname(next), target);
    rest = [...whole.split('/').filter((one) => one !== ''), ...rest];
    at = '/';
  }
  return join(root, at);
}

function linkTarget(host: string): string | null {
  const stat = lstatIfThere(host);
  return stat?.isSymbolicLink() ? readlinkSync(host) : null;
}

export function lstatIfThere(host: string): Stats | null {
  return lstatSync(host, { throwIfNoEntry: false }) ?? null;
}
