import type { ApacheConfig } from './directives.js';

/** A virtual host as `httpd -t -D DUMP_VHOSTS` names it: `file:line` of its beginning, or `macro`. */
export function dumpedHosts(output: string): string[] {
  const found: string[] = [];
  for (const line of output.split('\n')) {
    const open = line.lastIndexOf(' (');
    const isHost = open > 0 && line.endsWith(')') && !/^\S+:\s/.test(line);
    if (!isHost) continue;
    const place = line.slice(open + 2, -1);
    const isOfMacro = line.includes("(macro '");
    // The default server of an address is told once more as one of its name's.
    if (/^\s+default server /.test(line)) continue;
    if (isOfMacro) found.push('macro');
    else if (/^\/.*:\d+$/.test(place)) found.push(place);
  }
  return found;
}

/** Virtual hosts that only one of the two names; null: both name the same. Those of macros are compared by whether there are any. */
export function differenceOf(
  { directives }: ApacheConfig,
  dumped: readonly string[],
): { readonly onlyHttpd: readonly string[]; readonly onlyFiles: readonly string[] } | null {
  const own = directives
    .filter(({ name }) => name === '<virtualhost>')
    .map(({ file, line, isOfMacro }) => (isOfMacro ? 'macro' : `${file}:${line}`));
  const onlyHttpd = [...new Set(dumped)].filter((one) => !own.includes(one));
  const onlyFiles = [...new Set(own)].filter((one) => !dumped.includes(one));
  return onlyHttpd.length + onlyFiles.length === 0 ? null : { onlyHttpd, onlyFiles };
}
