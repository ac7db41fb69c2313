// The built console with invented answers: node dev/mock-server.mjs [PORT]. Loopback only; any name and password sign in.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as data from './mock-data.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'none'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const streams = new Set();
const page = (items) => ({ items, next: null, previous: null, total: items.length, facets: {} });
const byId = (list, id) => list.find((item) => item.id === id);

const routes = [
  ['GET /overview', () => data.overview()],
  ['GET /nodes', (_, url) => page(url.searchParams.get('retired') === 'true' ? [] : data.nodes)],
  ['GET /nodes/:id', (id) => data.nodeDetails.get(id)],
  ['GET /findings', (_, url) => page(data.findings.filter((f) => fits(f, url.searchParams)))],
  [
    'GET /findings/:id',
    (id) => byId(data.findings, id) && { ...byId(data.findings, id), history: data.history },
  ],
  [
    'POST /findings/:id/acknowledge',
    (id) => Object.assign(byId(data.findings, id), { state: 'acknowledged' }),
  ],
  ['GET /controls/:id', (id) => data.control(id)],
  ['GET /remediations', () => data.remediations],
  ['POST /plans', () => ({ id: 'pln_1' })],
  ['GET /plans', () => page([data.plan])],
  ['GET /audit', () => page(data.audit)],
  ['GET /plans/:id', () => data.plan],
  ['POST /plans/:id/approve', () => ({ runId: 'run_1' })],
  ['GET /runs', () => page(data.runs)],
  ['GET /runs/:id', (id) => byId(data.runs, id)],
  ['GET /targets', () => page(data.targets)],
  [
    'POST /targets',
    () => ({ ...data.targets[0], secrets: { secret: 'whsec_aW52ZW50ZWQgZm9yIHRoZSBtb2NrIHNlcnZlcg==' } }),
  ],
  ['GET /channels', () => page(data.channels)],
  ['POST /targets/preview', (_, __, body) => data.previewOf(body)],
  ['POST /targets/test', () => ({ ok: false, status: 404, ms: 87, detail: 'HTTP 404' })],
  ['POST /targets/:id/test', () => ({ ok: true, status: 204, ms: 87, detail: 'HTTP 204' })],
  [
    'GET /alerts',
    (_, url) => page(data.alerts.filter((a) => url.searchParams.get('kind') !== 'alert' || !a.isStorm)),
  ],
  ['GET /alerts/:id', (id) => byId(data.alerts, id)],
  [
    'POST /alerts/:id/acknowledge',
    (id) => Object.assign(byId(data.alerts, id), { state: 'acknowledged' }) && { acknowledged: 1, left: 0 },
  ],
  ['GET /silences', () => page([])],
  ['GET /deliveries', () => page(data.deliveries)],
  ['POST /deliveries/replay', () => ({ replayed: 1, dropped: 0, left: 0 })],
  [
    'POST /deliveries/:id/replay',
    (id) => Object.assign(byId(data.deliveries, id), { state: 'pending', attempts: 0 }),
  ],
  ['GET /tokens', () => page(data.tokens)],
  ['GET /users', () => page(data.users)],
  ['GET /users/:id/sessions', () => data.sessions],
  ['GET /sessions', () => data.sessions],
  ['POST /tokens', () => ({ ...data.tokens[0], token: 'cas1.tok_1.an-invented-token-of-the-mock-server' })],
].map(([route, answer]) => {
  const [method, path] = route.split(' ');
  return { method, pattern: new RegExp(`^/api/v1${path.replace(':id', '([^/]+)')}$`), answer };
});

function fits(finding, search) {
  const state = search.get('state') ?? 'open';
  if (state === 'open' && finding.state === 'resolved') return false;
  if (state === 'resolved' && finding.state !== 'resolved') return false;
  const word = (search.get('q') ?? '').toLowerCase();
  return (
    (!search.get('severity') || finding.severity === search.get('severity')) &&
    (!search.get('node') || finding.node.id === search.get('node')) &&
    (!search.get('control') || finding.control === search.get('control')) &&
    `${finding.title} ${finding.summary} ${finding.subject}`.toLowerCase().includes(word)
  );
}

async function api(request, response, url) {
  const isIn = /castellan_session=1/.test(request.headers.cookie ?? '');
  if (url.pathname === '/api/v1/session' && request.method === 'POST') {
    response.setHeader('set-cookie', 'castellan_session=1; HttpOnly; SameSite=Strict; Path=/');
    return json(response, 200, { user: data.user });
  }
  if (!isIn) return problem(response, 401, 'CAS_AUTH_REQUIRED', 'Sign in first.');
  if (url.pathname === '/api/v1/session') {
    if (request.method === 'DELETE')
      response.setHeader('set-cookie', 'castellan_session=; Max-Age=0; Path=/');
    return json(response, 200, { user: data.user });
  }
  if (url.pathname === '/api/v1/events') return stream(request, response);
  for (const { method, pattern, answer } of routes) {
    const match = method === request.method && pattern.exec(url.pathname);
    if (!match) continue;
    const body = answer(match[1], url, await bodyOf(request));
    return body === undefined
      ? problem(response, 404, 'CAS_NOT_FOUND', 'There is no such thing.')
      : json(response, 200, body);
  }
  return problem(response, 404, 'CAS_NOT_FOUND', 'The mock server has no such route.');
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response, status, code, detail) {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: detail, status, detail, code, request_id: 'req-1' }));
}

function stream(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
  streams.add(response);
  request.on('close', () => streams.delete(response));
}

/** For look.mjs: a new finding appears, as if a node had said so. */
export function openFinding() {
  const id = `fnd_new_${data.findings.length}`;
  data.findings.push({
    ...data.findings[0],
    id,
    summary: 'A finding that has just been opened',
    openedAt: new Date().toISOString(),
  });
  for (const each of streams)
    each.write(`id: m.1\nevent: finding\ndata: ${JSON.stringify({ id, state: 'open' })}\n\n`);
}

/** Cuts every event stream, as a restarting server does. */
export function cutStreams() {
  for (const each of streams) each.destroy();
}

function file(response, pathname) {
  const wanted = join(DIST, normalize(pathname));
  const path =
    wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile()
      ? wanted
      : join(DIST, 'index.html');
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(path).pipe(response);
}

export function startMock(port = 0) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    return url.pathname.startsWith('/api/') ? api(request, response, url) : file(response, url.pathname);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startMock(Number(process.argv[2] ?? 0));
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
}
