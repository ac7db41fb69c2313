// What clients saw, held against when which certificate could be served.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('clients.mjs', import.meta.url));

export class Clients {
  #child;
  #handshakes = [];
  #renewals = {};
  #first;

  /** `served`: by service, the SHA-256 of the certificate that is served when they begin. */
  constructor(perSecond, listeners, served) {
    this.#first = served;
    for (const service of Object.keys(served)) this.#renewals[service] = [];
    this.#child = spawn(process.execPath, [PROGRAM, String(perSecond), ...listeners], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.#handshakes.push(JSON.parse(line)),
    );
  }

  /** `begun`, `ended`: ms; `isPair`: whether key and certificate on the disk are of each other at rest. */
  renewed(service, renewal) {
    this.#renewals[service].push(renewal);
  }

  /** What they saw, by service. */
  async end() {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await closed;
    return Object.fromEntries(Object.keys(this.#first).map((service) => [service, this.#judged(service)]));
  }

  stop() {
    this.#child.kill();
  }

  #judged(service) {
    const renewals = this.#renewals[service];
    const own = this.#handshakes.filter((one) => one.service === service);
    const counts = { handshakes: own.length, failed: {}, wrong: 0, late: 0 };
    const known = new Set([this.#first[service], ...renewals.map(({ fingerprint }) => fingerprint)]);
    for (const { from, to, seen } of own) {
      if (!/^[0-9a-f]{64}$/.test(seen)) counts.failed[seen] = (counts.failed[seen] ?? 0) + 1;
      else if (!known.has(seen)) counts.wrong += 1;
      else if (!this.#possible(service, from, to).has(seen)) counts.late += 1;
    }
    return {
      ...counts,
      renewals: renewals.length,
      apart: renewals.filter(({ isPair }) => !isPair).length,
      servesNewest: own.at(-1)?.seen === (renewals.at(-1)?.fingerprint ?? this.#first[service]),
    };
  }

  /** What may be served to whoever began then and ended then: the newest of before, and those whose renewal was under way. */
  #possible(service, from, to) {
    const possible = new Set();
    let newest = this.#first[service];
    for (const { begun, ended, fingerprint } of this.#renewals[service]) {
      if (ended < from) newest = fingerprint;
      else if (begun <= to) possible.add(fingerprint);
    }
    return possible.add(newest);
  }
}
