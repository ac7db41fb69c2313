import { createServer, type Server } from 'node:https';
import type { TlsMaterial } from './tls-material.js';

/** In the place of an Apache with mod_ssl: shows its certificate, and says to a visitor what it is. */
export function httpsDouble(material: TlsMaterial, what: string): Server {
  return createServer({ cert: material.cert, key: material.key }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`A stand-in for ${what}. This is not Momentum.\n`);
  });
}
