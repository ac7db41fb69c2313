const ROW = /^ {4}\[qr\{(.+)\\z\}, qr\{(.*)\\z\}\],$/;

/** A program, and its arguments joined by blanks. */
type Row = readonly [program: RegExp, said: RegExp];

/**
 * What may be run where nothing may be changed: the very list of the Perl program (`@MAY_RUN`), so that there is one. Throws
 * where it is not as it should be.
 */
export function toldPrograms(perl: string): (program: string, argv: readonly string[]) => boolean {
  const list = /\nmy \$MSYS = '([^']+)';\nmy @MAY_RUN = \(\n([\s\S]+?)\n\);\n/.exec(perl);
  const [, msys = '', text = ''] = list ?? [];
  const rows = text
    .split('\n')
    .filter((line) => !/^ {4}#/.test(line))
    .map((line): Row => {
      const row = ROW.exec(line.replaceAll('$MSYS', msys));
      if (!row) throw new Error(`the far program's list of programs cannot be read: ${line}`);
      return [new RegExp(`${row[1]}$`), new RegExp(`${row[2]}$`)];
    });
  return (program, argv) => {
    // One argument must not look like two.
    if ([program, ...argv].some((one) => /[\n\0]/.test(one))) return false;
    const said = argv.join(' ');
    return rows.some(([one, arguments_]) => one.test(program) && arguments_.test(said));
  };
}
