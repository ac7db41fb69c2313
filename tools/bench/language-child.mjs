// node --expose-gc language-child.mjs parse|tls|text BYTES: one measurement, as JSON; `text` prints the configuration.
import { effectiveTls, loadConfig, parse, tlsScopes } from '../../packages/momentum/dist/index.js';
import { median } from './measure.mjs';

const [what = '', size = '0'] = process.argv.slice(2);
const TRIES = 7;

/** Bindings with domains, comments, lists and a listener now and then, as a large site has them. */
function configuration(bytes) {
  const parts = ['# A large site.\nTLS_Protocols = "+ALL:-SSLv2:-SSLv3"\nServer_Name = "mta1.example.com"\n'];
  let length = parts[0].length;
  for (let n = 0; length < bytes; n += 1) {
    const part = `Binding "customer-${n}" {
  # Moved from the old platform.
  Bind_Address = "10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}"
  Max_Outbound_Connections = ${20 + (n % 50)}
  TLS = "${n % 3 === 0 ? 'required' : 'ifavailable'}"
  Relay_Hosts = ( "10.0.0.0/8" "192.0.2.${n & 255}" )
  Domain "example-${n % 97}.com" {
    TLS_Protocols = "+TLSv1.2"
    Outbound_Throttle_Messages = "60/3"
  }
}
`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

/** The same configuration as JSON of about the same length: a scope is a member of its type, by its name. */
function json(bytes) {
  const bindings = {};
  let length = 0;
  for (let n = 0; length < bytes; n += 1) {
    const binding = {
      Bind_Address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      Max_Outbound_Connections: 20 + (n % 50),
      TLS: n % 3 === 0 ? 'required' : 'ifavailable',
      Relay_Hosts: ['10.0.0.0/8', `192.0.2.${n & 255}`],
      Domain: {
        [`example-${n % 97}.com`]: { TLS_Protocols: '+TLSv1.2', Outbound_Throttle_Messages: '60/3' },
      },
    };
    bindings[`customer-${n}`] = binding;
    length += JSON.stringify({ [`customer-${n}`]: binding }).length - 1;
  }
  return JSON.stringify({ Binding: bindings });
}

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
  const other = json(bytes);
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
