// Made by tools/gen-registry.mjs from the folders of packages/agent/src/remediations/certificate-renew/issuers. Do not edit: npm run gen
import type { Issuer } from './issuers/issuer.js';
import acme from './issuers/acme/issuer.js';
import command from './issuers/command/issuer.js';
import product from './issuers/product/issuer.js';
import selfSigned from './issuers/self-signed/issuer.js';
import server from './issuers/server/issuer.js';

export const issuers: readonly Issuer[] = [acme, command, product, selfSigned, server];
