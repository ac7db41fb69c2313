// The agent killed before each of its effects, on a node whose services really run; and every damage to its journal.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  endOfRun,
  keepState,
  lay,
  leftovers,
  pairProblems,
  remove,
  resetState,
  run,
  seen,
} from './real-node.mjs';
import { ROWS } from './rows.mjs';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ONE_RUN = join(REPOSITORY, 'tools/kills/one-run.mjs');
const EFFECTS_MAX = 400;
/** Recoveries are killed at one of this many first effects, a different one each time. */
const RECOVERY_EFFECTS = 17;
const WORKERS = 2;
const COLUMNS = ['effects', 'kills', 'recoveriesKilled', 'notBegun', 'rolledBack', 'done', 'rollbackFailed'];

/** One remediation on one node, killed at effect after effect until a run passes. */
class Victim {
  counts = Object.fromEntries(COLUMNS.map((column) => [column, 0]));
  lies = [];
  #laid;
  #ports;
  #before;
  /** Of the plan, which is the same for the same node. */
  #digest;
  /** Of the run that the killed one undoes; null: there is none. */
  #first = null;
  /** What runs that ended well made, by effect: held against what a run that nobody killed makes. */
  #ends = [];

  constructor(row, { every, from }) {
    this.row = row;
    this.every = every;
    this.from = from;
  }

  async run() {
    await this.#layAnew();
    try {
      for (let n = this.from; n < EFFECTS_MAX; n += this.every) if (await this.#round(n)) return;
      this.lies.push(`${this.row.name}: no run passed within ${EFFECTS_MAX} effects`);
    } finally {
      await this.remove();
    }
  }

  async #layAnew() {
    await this.remove();
    this.#laid = await lay(this.row, this.#ports);
    this.#ports = this.#laid.ports;
    if (this.row.first) await this.#runFirst(this.row.first);
    this.#before = await seen(this.row, this.#laid);
    const planned = await this.#one('plan', 0);
    if (planned.code !== 0) throw new Error(`${this.row.name}: ${planned.stderr}`);
    this.#digest = JSON.parse(planned.stdout).planDigest;
  }

  /** A run that nobody kills, and that the other one is about. */
  async #runFirst(first) {
    const ran = await this.#one('apply', 0, first);
    const said = ran.code === 0 ? JSON.parse(ran.stdout) : { last: ran.stderr };
    if (!said.last.startsWith('done '))
      throw new Error(`${this.row.name}: the run before it ended: ${said.last}`);
    this.#first = said.runId;
    keepState(this.#laid);
  }

  #one(what, at, { slug, params } = this.row) {
    const { root, state, ports } = this.#laid;
    const pairs = typeof params === 'function' ? params({ ports, first: this.#first }) : params;
    const digest = what === 'apply' && slug === this.row.slug ? { PLAN_DIGEST: this.#digest } : {};
    return run(process.execPath, [ONE_RUN, what, root, state, slug, String(at), ...pairs], {
      ...process.env,
      ...digest,
    });
  }

  async remove() {
    if (this.#laid) await remove(this.#laid);
    this.#laid = null;
  }

  /** Whether the run passed untouched. */
  async #round(n) {
    const applied = await this.#one('apply', n);
    const isUntouched = applied.signal === null;
    if (isUntouched && applied.code !== 0) throw new Error(`${this.row.name}: ${applied.stderr}`);
    if (isUntouched) this.counts.effects = JSON.parse(applied.stdout).count;
    else {
      this.counts.kills += 1;
      const again = await this.#one('recover', 1 + ((n * 7) % RECOVERY_EFFECTS));
      if (again.signal !== null) this.counts.recoveriesKilled += 1;
      const last = again.signal === null ? again : await this.#one('recover', 0);
      if (last.code !== 0) this.#lie(n, `the start after it failed: ${last.stderr.slice(-500)}`);
    }
    await this.#judge(n, isUntouched);
    process.stderr.write(`${this.row.name}: effect ${n}\n`);
    return isUntouched;
  }

  /** What is left to a person is none of the run's: done in part is done. */
  #end() {
    const end = endOfRun(this.#laid, this.#first);
    return end?.state === 'doneInPart' ? { ...end, state: 'done' } : end;
  }

  async #judge(n, isUntouched) {
    const end = this.#end();
    const now = await seen(this.row, this.#laid);
    const isBefore = now.all === this.#before.all;
    for (const one of leftovers(this.#laid, end)) this.#lie(n, `left: ${one}`);
    if (end === null || end.state === null) {
      this.counts.notBegun += 1;
      if (end !== null) this.#lie(n, 'the run has no end');
    } else this.counts[end.state] = (this.counts[end.state] ?? 0) + 1;
    if (end?.state === 'rollbackFailed') this.#judgeFailed(n, end);
    else if (end?.state === 'done') this.#judgeDone(n, now);
    else if (!isBefore && !this.#isSaid(end))
      this.#lie(
        n,
        `${end?.state ?? 'not begun'}, and the node is not as before: ${differences(this.#before.all, now.all)}`,
      );
    if (isUntouched) this.#holdAgainst(end, now);
    resetState(this.#laid);
    if (!isBefore && !isUntouched) await this.#layAnew();
  }

  /** What a program had running services do cannot be taken back: the end must say so. */
  #isSaid(end) {
    return this.row.lasting?.test(end?.line ?? '') ?? false;
  }

  #judgeFailed(n, { line, lostBackups }) {
    process.stderr.write(`${this.row.name}, effect ${n}: rollbackFailed: ${line}\n`);
    if (lostBackups.length > 0)
      this.#lie(n, `putting back failed, and backups are gone: ${lostBackups.join(', ')}`);
  }

  #judgeDone(n, now) {
    if (now.all === this.#before.all) this.#lie(n, 'done, and nothing is changed');
    for (const one of pairProblems(this.row, this.#laid, now.shown)) this.#lie(n, `done, and ${one}`);
    for (const path of this.row.kept ?? [])
      if (now.files[path]?.[1] !== this.#before.files[path]?.[1])
        this.#lie(n, `done, and the content of ${path} is another`);
    this.#ends.push({ n, made: now.made });
  }

  #holdAgainst(end, now) {
    if (end?.state !== 'done')
      throw new Error(`${this.row.name}: a run that nobody killed ended as ${end?.state}`);
    for (const { n, made } of this.#ends)
      if (made !== now.made)
        this.#lie(n, `done, and not what a whole run makes: ${differences(now.made, made)}`);
  }

  #lie(n, what) {
    this.lies.push(`${this.row.name}, effect ${n}: ${what}`);
    process.stderr.write(`LIE ${this.lies.at(-1)}\n`);
  }
}

function differences(wanted, found) {
  const parts = (text) => text.split(/(?<=\]),/);
  const known = new Set(parts(wanted));
  return parts(found)
    .filter((one) => !known.has(one))
    .join(' ')
    .slice(0, 600);
}

/** `every`: only each n-th effect; `from`: the first; `only`: rows whose name begins with one of these. Resolves with whether nothing was found. */
export async function killAgent({ every = 1, from = 1, only = null } = {}) {
  const victims = ROWS.filter(({ name }) => only === null || only.some((one) => name.startsWith(one))).map(
    (row) => new Victim(row, { every, from }),
  );
  const stop = () => Promise.allSettled(victims.map((one) => one.remove())).finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  const waiting = [...victims];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.run();
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  report(victims);
  return victims.every(({ lies }) => lies.length === 0);
}

function report(victims) {
  const lies = victims.flatMap((one) => one.lies);
  const rows = victims.map(({ row, counts, lies: own }) => [
    row.name,
    ...COLUMNS.map((column) => counts[column]),
    own.length,
  ]);
  const total = [
    'in all',
    ...[...COLUMNS, 'lies'].map((_, at) => rows.reduce((sum, row) => sum + row[at + 1], 0)),
  ];
  for (const [name, ...cells] of [['', ...COLUMNS, 'lies'], ...rows, total])
    process.stdout.write(`${name.padEnd(28)}${cells.map((cell) => String(cell).padStart(17)).join('')}\n`);
  for (const lie of lies) process.stdout.write(`LIE ${lie}\n`);
}

/** Every bit, line and copy of the journal. */
export function damageJournals() {
  const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
  const ran = spawnSync(
    process.execPath,
    [vitest, 'run', 'test/faults/damaged-journal.test.ts', 'test/faults/remediations.test.ts'],
    {
      cwd: REPOSITORY,
      stdio: 'inherit',
      env: { ...process.env, CASTELLAN_KILLS: 'whole' },
    },
  );
  return ran.status === 0;
}
