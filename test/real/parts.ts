import { readFileSync } from 'node:fs';
import { beforeAll, describe } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';

interface Part {
  readonly package: string;
  readonly program: string;
}

const NEEDED = ['apache2', 'libapache2-mod-svn', 'subversion', 'postfix', 'postgresql', 'openssl'];

/** Null: a stand-in node with real parts can be laid here. */
function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'only root can give files to ecuser and msyspg';
  const { packages }: { readonly packages: readonly Part[] } = JSON.parse(
    readFileSync(new URL('../standin/real-parts.json', import.meta.url), 'utf8'),
  );
  const missing = packages.filter((part) => NEEDED.includes(part.package) && !isPresent(part.program));
  return missing.length === 0 ? null : `missing: ${missing.map((part) => part.package).join(', ')}`;
}

/** Tests against Debian's own programs: where those are not, skipped and said why; with CI=true they fail instead. */
export function describeReal(name: string, tests: () => void): void {
  const why = whyNot();
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
