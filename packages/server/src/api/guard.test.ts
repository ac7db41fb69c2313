import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import type { ServerContext } from '../services/context.js';
import { guard } from './guard.js';

function guarded() {
  const app = Fastify();
  guard(app, {} as ServerContext);
  return app;
}

describe('a route', () => {
  test('that does not say who may keeps the server from starting', async () => {
    const app = guarded();
    app.get('/forgotten', async () => 'everything');
    app.get('/known', { config: { may: 'see' } }, async () => 'something');
    await expect(app.ready()).rejects.toThrow(/GET \/forgotten/);
  });

  test('may get its permission from the scope that it stands in', async () => {
    const app = guarded();
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, may: 'open' };
      });
      scope.get('/file', async () => 'a file');
    });
    await app.ready();
    expect((await app.inject('/file')).statusCode).toBe(200);
  });
});
