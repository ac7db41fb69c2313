import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CONF } from '../../lay/places.js';
import { runToEnd } from '../../running/real/run-to-end.js';
import { must, serverUrl, svn } from '../../running/real/subversion.js';
import type { Change } from '../../running/repository.js';
import type { StandinNode } from '../../running/standin-node.js';
import type { WorkingCopy } from './working-copy.js';

interface Row extends Change {
  readonly isNewUpstream: boolean;
}

/** With Subversion: a real working copy of the repository that Apache serves. */
export function subversionCopy(node: StandinNode): WorkingCopy {
  const conf = node.tree.at(CONF);
  const status = async (args: readonly string[] = []) =>
    rowsOf(await svn(node, ['status', ...args, '.'], { cwd: conf }));
  return {
    status,
    async pull(choice) {
      const asked = await svn(node, ['status', '-u', '.'], { cwd: conf });
      if (asked.code !== 0) return { kind: 'failed', text: pageText(asked.output) };
      const rows = rowsOf(asked);
      const both = rows.filter((row) => row.isNewUpstream && row.mark === 'M').map(({ path }) => path);
      if (both.length > 0 && choice === null) return { kind: 'conflict', paths: both };
      if (!rows.some((row) => row.isNewUpstream)) return { kind: 'current' };
      return freshCheckout(
        node,
        rows.filter((row) => row.mark !== '!' && (choice !== 'theirs' || !both.includes(row.path))),
      );
    },
    async commit({ username, password }, { message, addAll, deleteAll }) {
      const rows = await status();
      for (const { mark, path } of rows) {
        if (mark === '?' && addAll) await svn(node, ['add', '-q', path], { cwd: conf });
        if (mark === '!' && deleteAll) await svn(node, ['rm', '-q', path], { cwd: conf });
      }
      // svn itself refuses what is in conflict, and says so.
      const taken = rows.filter(
        ({ mark }) => mark === 'M' || mark === 'C' || (mark === '?' ? addAll : deleteAll),
      );
      if (taken.length === 0) return { kind: 'nothing' };
      const login = ['--username', username, '--password-from-stdin'];
      const done = await svn(node, ['commit', '-m', message, ...login, '.'], { cwd: conf, stdin: password });
      if (done.code !== 0) return { kind: 'failed', text: pageText(done.output) };
      await svn(node, ['update', '-q', '.'], { cwd: conf });
      return {
        kind: 'committed',
        revision: Number(/Committed revision (\d+)/.exec(done.stdout)?.[1]),
        changes: taken,
      };
    },
  };
}

/** Seven columns, the first of which is the item's own state, a blank, and the path. */
const LOCAL_ROW = /^([M?!ACDR~]).{6} (\S.*)$/;
/** With -u: column 9 tells that the repository has something newer, and a revision stands before the path. */
const SERVER_ROW = /^([ M?!ACDR~]).{6} ([* ])\s+(?:\d+\s+)?(\S.*)$/;

function rowsOf({ stdout }: { readonly stdout: string }): Row[] {
  return stdout.split('\n').flatMap((line): Row[] => {
    if (line.startsWith('Status against')) return [];
    const [, state, star, path] = SERVER_ROW.exec(line) ?? localRow(line) ?? [];
    if (state === undefined || path === undefined) return [];
    const isNewUpstream = star === '*';
    if (state === ' ') return isNewUpstream ? [{ mark: '!', path, isNewUpstream }] : [];
    const mark = (['?', '!', 'C'] as const).find((one) => one === state) ?? 'M';
    return [{ mark, path, isNewUpstream }];
  });
}

function localRow(line: string): readonly [string, string, string, string] | null {
  const match = LOCAL_ROW.exec(line);
  return match ? [line, match[1] ?? '', ' ', match[2] ?? ''] : null;
}

/** Manual, executable.eccfg: a new checkout to another folder takes conf's place by rename. Local edits are carried over. */
async function freshCheckout(node: StandinNode, mine: readonly Row[]) {
  const conf = node.tree.at(CONF);
  const [fresh, old] = [`${conf}.pull-${process.pid}`, `${conf}.old-${process.pid}`];
  const checkout = await svn(node, ['checkout', '-q', serverUrl(node), fresh]);
  if (checkout.code !== 0) return { kind: 'failed' as const, text: pageText(checkout.output) };
  // With owner and mode: somebody else's new file stays somebody else's.
  for (const { path } of mine) must(await runToEnd('/bin/cp', ['-aT', join(conf, path), join(fresh, path)]));
  renameSync(conf, old);
  renameSync(fresh, conf);
  rmSync(old, { recursive: true });
  return { kind: 'replaced' as const };
}

/** Today's svn words an expired certificate a little otherwise than the manual's page does. */
function pageText(output: string): string {
  if (!output.includes('certificate has expired')) return output;
  return `${output}\nERROR: premature EOF in "svn update '--config-dir' '/opt/msys/ecelerity/etc/.eccfg' '--username' 'ecuser' '--no-auth-cache' '--non-interactive' '--trust-server-cert' '.'"\nServer certificate verification failed: certificate has expired, issuer is not trusted`;
}
