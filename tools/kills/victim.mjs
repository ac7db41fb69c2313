// One remediation on one node whose services really run: broken off at point after point, and judged from outside.
import {
  endOfRun,
  isListed,
  keepState,
  lay,
  leftovers,
  pairProblems,
  remove,
  resetState,
  seen,
} from './real-node.mjs';
import { ROWS } from './rows.mjs';

const WORKERS = 2;
/** What is counted of every way to break a run off. */
export const ENDS = ['recoveriesKilled', 'notBegun', 'rolledBack', 'done', 'rollbackFailed'];

/** Somebody ended the command. */
class Stopped extends Error {}

/**
 * `means`: how a run is carried out, and broken off at a point. `carry(laid, { what, slug, pairs, digest, point })` with
 * `what` plan, apply or recover gives `{ code, stdout, stderr, isBroken }`, and `pieces` where its way has any; `named(point)` is for people; `atRecovery(point)`
 * is where the recovery after it is broken off.
 */
export class Victim {
  lies = [];
  /** The round that goes on is its last. */
  isStopped = false;
  laid = null;
  #ports;
  #before;
  /** Of the plan, which is the same for the same node. */
  #digest;
  /** Of the run that the broken one undoes; null: there is none. */
  #first = null;
  /** What runs that ended well made, held against what a run that nobody broke off makes. */
  #ends = [];
  #whole = null;
  #isChanged = false;

  constructor(row, columns, means) {
    this.row = row;
    this.counts = Object.fromEntries(columns.map((column) => [column, 0]));
    this.means = means;
  }

  async layAnew() {
    await this.remove();
    this.#isChanged = false;
    this.laid = await lay(this.row, this.#ports);
    this.#ports = this.laid.ports;
    if (this.row.first) await this.#runFirst(this.row.first);
    this.#before = await seen(this.row, this.laid);
    const planned = await this.#one('plan', null);
    if (planned.code !== 0) throw new Error(`${this.row.name}: ${planned.stderr}`);
    this.#digest = JSON.parse(planned.stdout).planDigest;
  }

  /** A run that nobody kills, and that the other one is about. */
  async #runFirst(first) {
    const ran = await this.#one('apply', null, first);
    const said = ran.code === 0 ? JSON.parse(ran.stdout) : { last: ran.stderr };
    if (!said.last.startsWith('done '))
      throw new Error(`${this.row.name}: the run before it ended: ${said.last}`);
    this.#first = said.runId;
    keepState(this.laid);
  }

  #one(what, point, { slug, params } = this.row) {
    const { ports } = this.laid;
    const pairs = typeof params === 'function' ? params({ ports, first: this.#first }) : params;
    const digest = what === 'apply' && slug === this.row.slug ? this.#digest : null;
    return this.means.carry(this.laid, { what, slug, pairs, digest, point });
  }

  async remove() {
    if (this.laid) await remove(this.laid);
    this.laid = null;
  }

  /** A run that is broken off at the point, what comes after it, and what is to be said of both. */
  async round(point) {
    if (this.isStopped) throw new Stopped();
    if (this.laid === null || this.#isChanged) await this.layAnew();
    const applied = await this.#one('apply', point);
    const isUntouched = !applied.isBroken;
    if (isUntouched && applied.code !== 0) throw new Error(`${this.row.name}: ${applied.stderr}`);
    if (!isUntouched) {
      const again = await this.#one('recover', this.means.atRecovery(point));
      if (again.isBroken) this.counts.recoveriesKilled += 1;
      const last = again.isBroken ? await this.#one('recover', null) : again;
      if (last.code !== 0) this.lie(point, `the start after it failed: ${last.stderr.slice(-500)}`);
    }
    await this.#judge(point, isUntouched);
    process.stderr.write(`${this.row.name}: ${this.means.named(point)}\n`);
    return { isUntouched, said: isUntouched ? JSON.parse(applied.stdout) : null, pieces: applied.pieces };
  }

  /** What is left to a person is none of the run's: done in part is done. */
  #end() {
    const end = endOfRun(this.laid, this.#first);
    return end?.state === 'doneInPart' ? { ...end, state: 'done' } : end;
  }

  async #judge(point, isUntouched) {
    const end = this.#end();
    const now = await seen(this.row, this.laid);
    const isBefore = now.all === this.#before.all;
    for (const one of leftovers(this.laid, end)) this.lie(point, `left: ${one}`);
    if (end === null || end.state === null) {
      this.counts.notBegun += 1;
      if (end !== null) this.lie(point, 'the run has no end');
    } else this.counts[end.state] = (this.counts[end.state] ?? 0) + 1;
    if (end !== null && end.closed === null) this.lie(point, 'the journal of the run is not at its end');
    if (end?.state === 'rollbackFailed') this.#judgeFailed(point, end);
    else if (end?.state === 'done') this.#judgeDone(point, now);
    else if (!isBefore && !this.#isSaid(end))
      this.lie(
        point,
        `${end?.state ?? 'not begun'}, and the node is not as before: ${differences(this.#before.all, now.all)}`,
      );
    if (isUntouched) this.#nobodyBroke(end, now);
    resetState(this.laid);
    this.#isChanged = !isBefore;
  }

  /** What a program had running services do cannot be taken back: the end must say so. */
  #isSaid(end) {
    return this.row.lasting?.test(end?.line ?? '') ?? false;
  }

  #judgeFailed(point, { line, lostBackups }) {
    process.stderr.write(`${this.row.name}, ${this.means.named(point)}: rollbackFailed: ${line}\n`);
    if (lostBackups.length > 0)
      this.lie(point, `putting back failed, and backups are gone: ${lostBackups.join(', ')}`);
  }

  #judgeDone(point, now) {
    if (now.all === this.#before.all) this.lie(point, 'done, and nothing is changed');
    if (!isListed(now.lists)) this.lie(point, `done, and the access list is another: ${now.lists}`);
    for (const one of pairProblems(this.row, this.laid, now.shown)) this.lie(point, `done, and ${one}`);
    for (const path of this.row.kept ?? [])
      if (now.files[path]?.[1] !== this.#before.files[path]?.[1])
        this.lie(point, `done, and the content of ${path} is another`);
    this.#ends.push({ point, made: now.made });
    if (this.#whole !== null) this.#holdAgainst();
  }

  #nobodyBroke(end, now) {
    if (end?.state !== 'done')
      throw new Error(`${this.row.name}: a run that nobody broke off ended as ${end?.state}: ${end?.line}`);
    this.#whole = now.made;
    this.#holdAgainst();
  }

  #holdAgainst() {
    for (const { point, made } of this.#ends.splice(0))
      if (made !== this.#whole)
        this.lie(point, `done, and not what a whole run makes: ${differences(this.#whole, made)}`);
  }

  lie(point, what) {
    this.#lie(`${this.row.name}, ${this.means.named(point)}: ${what}`);
  }

  fail(error) {
    this.#lie(`${this.row.name}: not carried out: ${error.message}`);
  }

  #lie(what) {
    this.lies.push(what);
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

/**
 * Two rows at a time. `only`: rows whose name begins with one of these; null: all. `begin(row)` gives the victim, what is done
 * to it, and optionally what is to be ended with it. Resolves with whether nothing was found.
 */
export async function killAll(columns, only, begin) {
  const all = ROWS.filter(({ name }) => only === null || only.some((one) => name.startsWith(one))).map(begin);
  const end = async ({ victim, release }) => {
    await victim.remove();
    release?.();
  };
  const waiting = [...all];
  const stop = () => {
    for (const { victim } of all) victim.isStopped = true;
    process.exitCode = 130;
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      try {
        await next.work(next.victim);
      } catch (error) {
        // The other rows are tried all the same.
        if (!(error instanceof Stopped)) next.victim.fail(error);
      } finally {
        await end(next);
      }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  report(
    columns,
    all.map(({ victim }) => victim),
  );
  return all.length > 0 && all.every(({ victim }) => victim.lies.length === 0);
}

function report(columns, victims) {
  const lies = victims.flatMap((one) => one.lies);
  const rows = victims.map(({ row, counts, lies: own }) => [
    row.name,
    ...columns.map((column) => counts[column]),
    own.length,
  ]);
  const total = [
    'in all',
    ...[...columns, 'lies'].map((_, at) => rows.reduce((sum, row) => sum + row[at + 1], 0)),
  ];
  for (const [name, ...cells] of [['', ...columns, 'lies'], ...rows, total])
    process.stdout.write(`${name.padEnd(28)}${cells.map((cell) => String(cell).padStart(17)).join('')}\n`);
  for (const lie of lies) process.stdout.write(`LIE ${lie}\n`);
}
