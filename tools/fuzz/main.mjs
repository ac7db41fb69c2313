#!/usr/bin/env node
// npm run test:fuzz                          a million generated texts, then ten minutes of damaged ones, then hostile ones
// npm run test:fuzz -- --count 10000 --seconds 20 --seed 7
// CASTELLAN_CORPUS=FOLDER npm run test:fuzz  damages the texts of that folder, too
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { superlinear } from './growth.mjs';

const WORKERS = 2;
/** A block of texts that takes longer than this hangs. */
const HANG_MS = 60_000;
const FAULTS_SHOWN_MAX = 20;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const texts = corpus();
const bad = [
  await fuzz('generated', { texts: null, until: Number(values.count), endsAtMs: Number.POSITIVE_INFINITY }),
  await fuzz('damaged', {
    texts,
    until: Number.MAX_SAFE_INTEGER,
    endsAtMs: Date.now() + Number(values.seconds) * 1000,
  }),
  growth(),
];
process.exitCode = bad.some(Boolean) ? 1 : 0;

function corpus() {
  const own = fileURLToPath(new URL('../../packages/momentum/testing/conf', import.meta.url));
  const folders = [own, ...(process.env.CASTELLAN_CORPUS ? [process.env.CASTELLAN_CORPUS] : [])];
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.conf$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
}

async function fuzz(name, data) {
  const startedAtMs = Date.now();
  const results = await Promise.all(
    Array.from({ length: WORKERS }, (_, from) => one({ ...data, seed, from, step: WORKERS })),
  );
  const sum = (key) => results.reduce((total, result) => total + result[key].length, 0);
  const counts = {
    texts: results.reduce((total, { checked }) => total + checked, 0),
    of: data.texts === null ? 'pieces' : `${data.texts.length} files`,
    faults: sum('faults'),
    hangs: sum('hangs'),
    slow: sum('slow'),
    seconds: Math.round((Date.now() - startedAtMs) / 1000),
  };
  process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
  for (const { n, why, text } of results.flatMap(({ faults }) => faults).slice(0, FAULTS_SHOWN_MAX))
    process.stdout.write(`FAULT ${name} ${n}: ${why}\n${JSON.stringify(text)}\n`);
  for (const at of results.flatMap(({ hangs }) => hangs))
    process.stdout.write(`HANG ${name} from ${at} on\n`);
  for (const one of results.flatMap(({ slow }) => slow))
    process.stdout.write(`SLOW ${name} ${JSON.stringify(one)}\n`);
  return counts.faults + counts.hangs > 0;
}

/** One worker's share; a worker that hangs is ended, and its share with it. */
function one(workerData) {
  return new Promise((resolve, reject) => {
    const found = { checked: 0, faults: [], hangs: [], slow: [] };
    let at = workerData.from;
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
    const end = () => {
      clearTimeout(timer);
      found.checked = Math.floor((at - workerData.from) / workerData.step);
      resolve(found);
    };
    const timer = setTimeout(() => {
      found.hangs.push(at);
      worker.terminate().then(end, reject);
    }, HANG_MS);
    worker.on('error', reject);
    worker.on('message', (message) => {
      timer.refresh();
      if (message.at !== undefined) at = message.at;
      if (message.fault) found.faults.push(message.fault);
      if (message.slow) found.slow.push(message.slow);
      if (message.isDone) end();
    });
  });
}

function growth() {
  const rows = superlinear();
  for (const { name, ratio } of rows)
    process.stdout.write(`growth: ${name.padEnd(32)} ${ratio.toFixed(2)}\n`);
  const worse = rows.filter(({ isWorse }) => isWorse);
  process.stdout.write(`growth: ${rows.length} shapes, ${worse.length} that grow faster than their text\n`);
  return worse.length > 0;
}
