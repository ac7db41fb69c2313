import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { TlsEndpoint } from '../running/service-settings.js';
import type { StandinNode } from '../running/standin-node.js';
import { hostPath } from '../running/tree-paths.js';

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate and key as they are now. Like the real servers, refuses a pair that does not belong together. */
export function readMaterial(node: StandinNode, { certificate, key }: TlsEndpoint): TlsMaterial | null {
  if (certificate === null || key === null) return null;
  const material = {
    cert: readFileSync(hostPath(node.root, certificate)),
    key: readFileSync(hostPath(node.root, key)),
  };
  if (!new X509Certificate(material.cert).checkPrivateKey(createPrivateKey(material.key))) {
    throw new Error(`${key}: key values mismatch`);
  }
  return material;
}

/** PostgreSQL refuses to start with a key that its group or others may read (its manual, ssl_key_file). */
export function refuseOpenKey(node: StandinNode, key: string | null): void {
  if (key === null) return;
  const { mode, uid } = statSync(hostPath(node.root, key));
  const forbidden = uid === 0 && uid !== node.tree.principals.ids.msyspg.uid ? 0o037 : 0o077;
  if ((mode & forbidden) !== 0) throw new Error(`private key file "${key}" has group or world access`);
}
