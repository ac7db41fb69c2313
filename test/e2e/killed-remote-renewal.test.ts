import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import type { RunRow } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import { connected, findingIs, NODE, operatorOf, pathIn, startFleet, storeHealth, WAIT_MS } from './fleet.js';
import { APACHE, pairOnDisk, servedFingerprint } from './served-pair.js';

const TEST_MS = 180_000;
const EXPIRED = 'MOM-CRT-006';
const INIT_SCRIPT = 'etc/init.d/ecconfigd';
const FINAL = ['done', 'doneInPart', 'refused', 'stale', 'expired', 'rolledBack', 'rollbackFailed'];

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

interface NumberedRun extends Omit<RunRow, 'events'> {
  readonly events: readonly { readonly index: number; readonly line: string }[];
}

/** Where the init script tells that it waits, and with which pid. It waits once: at the first restart after it was armed. */
function heldFile(of: Fleet): string {
  return join(of.dir, 'held');
}

/** Puts a script in front of ecconfigd's own that stands still, before or after it has restarted the service. */
function holdRestart(of: Fleet, isRestarted: boolean): void {
  const script = pathIn(of, INIT_SCRIPT);
  const folder = join(of.dir, 'init');
  mkdirSync(folder);
  renameSync(script, join(folder, 'ecconfigd'));
  const real = `'${join(folder, 'ecconfigd')}'`;
  const armed = join(of.dir, 'armed');
  writeFileSync(armed, '');
  const hold = `echo $$ > '${heldFile(of)}.new'; mv '${heldFile(of)}.new' '${heldFile(of)}'; exec sleep 600`;
  const lines = [
    '#!/bin/sh',
    `if [ "$1" = restart ] && rm '${armed}' 2>/dev/null; then`,
    ...(isRestarted ? [`${real} restart`] : []),
    hold,
    'fi',
    `exec ${real} "$@"`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o755 });
}

function journals(of: Fleet): string[] {
  const folder = join(of.agentFolder(NODE), 'state/journal');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

const served = (of: Fleet): Promise<string> => servedFingerprint(of.nodes[0]?.settings.ports.ecconfigd ?? 0);

test.each([
  ['after key and certificate were replaced, before the service was restarted', false],
  ['after the service was restarted, before anybody had looked', true],
])(
  'a renewal that was approved on the server and is killed %s is put back by the next start, and can be asked for again',
  { timeout: TEST_MS },
  async (_when, isRestarted) => {
    fleet = await startFleet(['ecconfigd-certificate-expired'], {
      prepare: (of) => holdRestart(of, isRestarted),
    });
    const running = fleet;
    await findingIs(fleet, EXPIRED, 'open');
    const before = pairOnDisk(pathIn(fleet, ''));
    const operator = operatorOf(fleet);
    const runId = await operator.planAndApprove(NODE, 'certificate-renew', { service: 'ecconfigd' });

    await until('the restart stands still', WAIT_MS, () => existsSync(heldFile(running)) || null);
    expect(await fleet.stopAgent(NODE, 'SIGKILL')).toBe(null);
    // As systemd does: what the service had started is ended with it.
    process.kill(Number(readFileSync(heldFile(fleet), 'utf8')), 'SIGKILL');
    const between = pairOnDisk(pathIn(fleet, ''));
    expect(between.text).not.toBe(before.text);
    expect(between.isPair).toBe(true);
    expect(await served(fleet)).toBe(
      isRestarted ? between.certificate.fingerprint256 : before.certificate.fingerprint256,
    );
    const row = () => running.rest.get<NumberedRun>(`/runs/${runId}`);
    expect(FINAL).not.toContain((await row()).state);

    fleet.startAgent(NODE);
    const run = await until('the run has an end', WAIT_MS, async () => {
      const now = await row();
      return FINAL.includes(now.state) ? now : null;
    });
    expect(run).toMatchObject({ state: 'rolledBack', error: 'CAS_RUN_STEP_FAILED' });
    expect(run.events.map(({ index }) => index)).toEqual(run.events.map((_, i) => i + 1));
    expect(pairOnDisk(pathIn(fleet, '')).text).toBe(before.text);
    expect(await served(fleet)).toBe(before.certificate.fingerprint256);
    expect(journals(fleet).filter((text) => !text.includes('"t":"closed"'))).toEqual([]);
    expect(readdirSync(pathIn(fleet, APACHE)).sort()).toEqual(['server.crt', 'server.key']);
    await connected(fleet);
    expect((await findingIs(fleet, EXPIRED, 'open')).history.map(({ to }) => to)).not.toContain('resolved');

    await operator.runIsDone(
      await operator.planAndApprove(NODE, 'certificate-renew', { service: 'ecconfigd' }),
    );
    await findingIs(fleet, EXPIRED, 'resolved');
    expect(await served(fleet)).toBe(pairOnDisk(pathIn(fleet, '')).certificate.fingerprint256);
    expect(await storeHealth(fleet)).toMatchObject({ integrity: 'ok', audit: { code: 0 } });
  },
);
