#!/usr/bin/env node
// Writes the console's types from the server's OpenAPI document.
//   node tools/gen-api.mjs            asks the built server's own routes, in this process; nothing listens
//   node tools/gen-api.mjs FILE       reads the document from FILE
//   node tools/gen-api.mjs --check    writes nothing; fails when the committed types differ
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUT = join(root, 'packages/web/src/api/schema.generated.ts');
const isCheck = process.argv.includes('--check');
const file = process.argv.slice(2).find((word) => !word.startsWith('-'));

// The generator needs the older TypeScript that lives beside the console.
const fromWeb = createRequire(join(root, 'packages/web/package.json'));
const generator = await import(pathToFileURL(fromWeb.resolve('openapi-typescript')).href);
const document = file ? JSON.parse(readFileSync(file, 'utf8')) : await documentOfServer();
const ast = await (generator.default.default ?? generator.default)(document, { alphabetize: true });
const text = `// Made by tools/gen-api.mjs from the server's OpenAPI document. Do not edit.\n${generator.astToString(ast)}`;

if (!existsSync(OUT) || readFileSync(OUT, 'utf8') !== text) {
  if (isCheck) {
    process.stderr.write(
      'packages/web/src/api/schema.generated.ts is not fresh. Run "node tools/gen-api.mjs".\n',
    );
    process.exit(1);
  }
  writeFileSync(OUT, text);
  process.stdout.write('wrote packages/web/src/api/schema.generated.ts\n');
}

async function documentOfServer() {
  const built = join(root, 'packages/server/dist/api/people-port.js');
  if (!existsSync(built)) {
    process.stderr.write('The built server is missing: run "npm run build" first.\n');
    process.exit(1);
  }
  const { peoplePort } = await import(pathToFileURL(built).href);
  // The routes are described, never called: of the context only what registering them reads is there.
  const ctx = {
    facts: { version: '0', serverId: 'none' },
    catalogue: { controls: [], remediations: [] },
    store: { read: {} },
  };
  const app = await peoplePort({
    ctx,
    tls: null,
    isSecure: true,
    consoleFolder: null,
    signInsPerMinute: 1,
    trustedProxies: [],
    metricsToken: null,
  });
  await app.ready();
  const described = app.swagger();
  await app.close();
  // The version of the product is no part of the types.
  return { ...described, info: { ...described.info, version: '0' } };
}
