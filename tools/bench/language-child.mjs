// node --expose-gc language-child.mjs parse|tls|text BYTES: one measurement, as JSON; `text` prints the configuration.
import { effectiveTls, loadConfig, parse, tlsScopes } from '../../packages/momentum/dist/index.js';
import { configuration, configurationAsJson } from './large-site.mjs';
import { median } from './measure.mjs';

const [what = '', size = '0'] = process.argv.slice(2);
const TRIES = 7;

function msOf(work) {
  globalThis.gc?.();
  const startedAt = performance.now();
  const result = work();
  const ms = performance.now() - startedAt;
  return { ms, result };
}

const bytes = Number(size);
const text = configuration(bytes);
if (what === 'text') process.stdout.write(text);
else if (what === 'parse') {
  const other = configurationAsJson(bytes);
  const pairs = Array.from({ length: TRIES }, () => [
    msOf(() => parse(text)).ms,
    msOf(() => JSON.parse(other)).ms,
  ]);
  const [parseMs, jsonMs] = [0, 1].map((at) => median(pairs.map((pair) => pair[at])));
  process.stdout.write(JSON.stringify({ bytes: text.length, jsonBytes: other.length, parseMs, jsonMs }));
} else {
  globalThis.gc?.();
  const floorBytes = process.memoryUsage.rss();
  const loader = {
    read: (path) => (path === '/m' ? { ok: true, text } : { ok: false, problem: 'missing', detail: '' }),
    list: () => null,
  };
  const loading = msOf(() => loadConfig(loader, '/m'));
  // Each scope is inspected and let go, as a report of them is written line by line.
  const view = msOf(() => {
    const scopes = tlsScopes(loading.result);
    let answers = 0;
    for (const scope of scopes)
      answers +=
        Object.keys(effectiveTls(scope)?.versions ?? {}).length + (scope.setting('tls_ciphers').set ? 1 : 0);
    return { scopes: scopes.length, answers };
  });
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(
    JSON.stringify({
      bytes: text.length,
      ...view.result,
      ms: loading.ms + view.ms,
      parseMs: loading.ms,
      floorBytes,
      peakBytes,
    }),
  );
}
