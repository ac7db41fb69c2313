import { casError } from '@castellan/shared/errors/cas-error';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problems.js';

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Castellan</title>
<h1>The console is not built</h1>
<p>The server runs, and its API answers under <code>/api/v1</code>. To have the console, run <code>npm run build</code> in the repository and start the server again.</p></html>`;

/** The console's files, and its one page for every address that is the console's own. `folder` is null when it is not built. */
export async function serveConsole(app: FastifyInstance, folder: string | null): Promise<void> {
  if (folder !== null) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: 'index.html',
      // The build leaves each script and style sheet compressed beside itself.
      preCompressed: true,
      // Else its own "max-age=0" wins over what is said here.
      cacheControl: false,
      // Built files have their hash in their name; the page that names them must be asked for each time.
      setHeaders: (response, path) => {
        response.setHeader('vary', 'accept-encoding');
        response.setHeader(
          'cache-control',
          /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !path.startsWith('/api/') &&
      !/\.[a-z0-9]+$/i.test(path);
    if (!isPage)
      return sendProblem(
        request,
        reply,
        casError('CAS_NOT_FOUND', `nothing is at ${request.method} ${path}`),
      );
    if (folder === null) return reply.status(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
}
