const REQCERT = /^([ \t]*TLS_REQCERT[ \t]+)(\S+)([ \t]*)$/i;
const CACERT = /^([ \t]*TLS_CACERT[ \t]+)(\S.*?)([ \t]*)$/i;
const STRICT = /^(demand|hard)$/i;

/** ldap.conf with the certificate of the directory demanded, and `ca` (null: what is there) named. The last line of a key counts. */
export function strictClient(before: string, ca: string | null): string {
  const lines = before.split('\n');
  const demand = lastOf(lines, REQCERT);
  if (demand !== null && !STRICT.test(REQCERT.exec(lines[demand] ?? '')?.[2] ?? ''))
    lines[demand] = (lines[demand] ?? '').replace(REQCERT, '$1demand$3');
  const named = lastOf(lines, CACERT);
  if (ca !== null && named !== null)
    lines[named] = (lines[named] ?? '').replace(CACERT, (_line, lead: string) => `${lead}${ca}`);
  const added = [
    ...(before === '' ? ['TLS_REQCERT demand'] : []),
    ...(ca !== null && named === null ? [`TLS_CACERT ${ca}`] : []),
  ];
  if (added.length === 0) return lines.join('\n');
  const end = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return `${[...end, ...added].join('\n')}\n`;
}

function lastOf(lines: readonly string[], pattern: RegExp): number | null {
  const index = lines.findLastIndex((line) => pattern.test(line));
  return index < 0 ? null : index;
}
