import { readFileSync } from 'node:fs';
import { beforeAll, describe } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';

interface Part {
  readonly package: string;
  readonly program: string;
}

/** Of a node. */
const NODE_PARTS = ['apache2', 'libapache2-mod-svn', 'subversion', 'postfix', 'postgresql', 'openssl'];

/** Null: these parts are here, and may be run. */
function whyNot(needed: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'only root can give files to the users of services';
  const { packages }: { readonly packages: readonly Part[] } = JSON.parse(
    readFileSync(new URL('../standin/real-parts.json', import.meta.url), 'utf8'),
  );
  const missing = packages.filter((part) => needed.includes(part.package) && !isPresent(part.program));
  return missing.length === 0 ? null : `missing: ${missing.map((part) => part.package).join(', ')}`;
}

/** Tests against Debian's own programs: where those are not, skipped and said why; with CI=true they fail instead. */
export function describeReal(name: string, tests: () => void, needed: readonly string[] = NODE_PARTS): void {
  const why = whyNot(needed);
  if (why === null) describe(name, tests);
  else if (process.env['CI'] !== 'true') {
    process.stderr.write(`Skipped: ${name} (${why})\n`);
    describe.skip(name, tests);
  } else
    describe(name, () => {
      beforeAll(() => {
        throw new Error(`CI=true, and the real parts cannot be used: ${why}`);
      });
      tests();
    });
}
