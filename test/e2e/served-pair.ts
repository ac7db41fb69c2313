import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';

/** Where ecconfigd has its key and its certificate (Manual, executable.create_ssl_cert). */
export const APACHE = 'var/ecconfigd/apache';

export interface Pair {
  readonly certificate: X509Certificate;
  /** Whether the key is the certificate's. */
  readonly isPair: boolean;
  /** Key and certificate as they stand on the disk. */
  readonly text: string;
}

export function pairOnDisk(root: string): Pair {
  const [key = '', text = ''] = ['server.key', 'server.crt'].map((name) =>
    readFileSync(join(root, APACHE, name), 'utf8'),
  );
  const certificate = new X509Certificate(text);
  return {
    certificate,
    isPair: certificate.checkPrivateKey(createPrivateKey(key)),
    text: `${key}${text}`,
  };
}

export function servedFingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? 'none');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
