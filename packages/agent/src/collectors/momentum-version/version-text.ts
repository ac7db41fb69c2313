/**
 * `# ecelerity version: 3.0.23.36220 r(36220)` (Manual, console_commands.version); on a manager `eccmgr version: ...`
 * (Manual, cluster.config.operations).
 */
export function consoleVersion(output: string): string | null {
  const match = /^#?\s*(?:ecelerity|eccmgr) version:\s*(\d+(?:\.\d+){1,5})/m.exec(output);
  return match?.[1] ? withoutBuild(match[1]) : null;
}

/** Lines of `NAME VERSION`. Of the core package before the others: they carry the same release, most of the time. */
export function packageVersion(output: string): string | null {
  const rows = [...output.matchAll(/^(msys-ecelerity\S*)\s+(\d+(?:\.\d+){1,5})\s*$/gm)];
  const best =
    rows.find((row) => row[1] === 'msys-ecelerity-core') ??
    rows.find((row) => row[1] === 'msys-ecelerity') ??
    rows[0];
  return best?.[2] ? withoutBuild(best[2]) : null;
}

/** ASSUMED: builds have at least four digits (36220, 41000) and parts of a release have not (3.6.6, 4.1.0.2). */
const BUILD_MIN = 1000;

function withoutBuild(version: string): string {
  const parts = version.split('.');
  const last = parts[parts.length - 1];
  const isBuild = parts.length > 2 && Number(last) >= BUILD_MIN;
  return (isBuild ? parts.slice(0, -1) : parts).join('.');
}
