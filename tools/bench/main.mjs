#!/usr/bin/env node
// npm run bench [-- scan check latency idle watched hostile language lists probe renewal plan beside]: one JSON line a measurement on stdout, what it is doing on stderr.
import { benchBeside } from './beside.mjs';
import { benchCheck } from './check.mjs';
import { benchHostile } from './hostile.mjs';
import { benchIdle } from './idle.mjs';
import { benchLanguage } from './language.mjs';
import { benchLatency } from './latency.mjs';
import { benchLists } from './lists.mjs';
import { benchPlan } from './plan.mjs';
import { benchProbe } from './probe.mjs';
import { benchRenewal } from './renewal.mjs';
import { benchScan } from './scan.mjs';
import { benchWatched } from './watched.mjs';

const benches = {
  scan: benchScan,
  check: benchCheck,
  latency: benchLatency,
  idle: benchIdle,
  watched: benchWatched,
  hostile: benchHostile,
  language: benchLanguage,
  lists: benchLists,
  renewal: benchRenewal,
  probe: benchProbe,
  plan: benchPlan,
  beside: benchBeside,
};
const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such bench: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]();
