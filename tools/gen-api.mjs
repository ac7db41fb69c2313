// The server's OpenAPI document, and the console's types made from it. tools/gen.mjs writes both.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Asks the built server's own routes, in this process; nothing listens. */
export async function openApiText() {
  const built = join(root, 'packages/server/dist/api/people-port.js');
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
  // The version of the product is no part of the document that is kept.
  return `${JSON.stringify({ ...described, info: { ...described.info, version: '0' } }, null, 2)}\n`;
}

/** The text of packages/web/src/api/schema.generated.ts. */
export async function consoleTypes(document) {
  // The generator needs the older TypeScript that lives beside the console.
  const fromWeb = createRequire(join(root, 'packages/web/package.json'));
  const generator = await import(pathToFileURL(fromWeb.resolve('openapi-typescript')).href);
  const ast = await (generator.default.default ?? generator.default)(document, { alphabetize: true });
  return `// Made by tools/gen-api.mjs from the server's OpenAPI document. Do not edit: npm run gen\n${generator.astToString(ast)}`;
}
