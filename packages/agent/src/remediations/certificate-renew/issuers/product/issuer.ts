import { CREATE_SSL_CERT } from '../../../../knowledge/momentum/programs.js';
import { defineIssuer, IssueFailed } from '../issuer.js';

const CREATE_MS = 60_000;
/** Manual, executable.create_ssl_cert: it is valid for a year. */
const YEAR_DAYS = 365;

/**
 * create_ssl_cert SERVICE HOSTNAME PREFIX USER (Manual, executable.create_ssl_cert), with a folder of root's alone as its
 * prefix: it goes by paths, and beside the live pair another user could lead it elsewhere. The manual has the old pair
 * removed first, so that what it does beside one is not known either; the run puts the new pair in its place.
 */
export default defineIssuer({
  name: 'product',
  text: "made by the product's own create_ssl_cert",
  isOutside: false,
  isSelfSigned: true,
  blocker({ hostname, commonName, altNames, days, keyType }, { files }) {
    if (!files.stat(CREATE_SSL_CERT).ok) return `there is no ${CREATE_SSL_CERT}`;
    if (keyType !== 'rsa2048') return `create_ssl_cert makes keys of RSA 2048 only, not ${keyType}`;
    if (days !== YEAR_DAYS) return `create_ssl_cert makes certificates of ${YEAR_DAYS} days only`;
    const lost = [`DNS:${commonName}`, ...altNames].filter((name) => name !== `DNS:${hostname}`);
    return lost.length > 0
      ? `create_ssl_cert knows one name, ${hostname}: ${[...new Set(lost)].join(', ')} would be lost`
      : null;
  },
  describe: () => `a new self-signed certificate by create_ssl_cert, valid for ${YEAR_DAYS} days`,
  async issue({ service, hostname }, { exec, files, scratch, signal }) {
    const prefix = scratch();
    const user = service === 'msyspg' ? 'msyspg' : 'ecuser';
    const argv = [service, hostname, prefix, user];
    const result = await exec.run({ program: CREATE_SSL_CERT, argv, timeoutMs: CREATE_MS, signal });
    const [key, certificate] = ['key', 'crt'].map((kind) =>
      files.capture(`${prefix}/server.${kind}`, { follow: false }),
    );
    if (result.kind !== 'exited' || !key?.ok || !certificate?.ok)
      throw new IssueFailed(
        `${CREATE_SSL_CERT} ${argv.join(' ')} made no pair (${result.kind === 'exited' ? `it ended with ${result.code}` : result.kind})`,
      );
    return {
      keyPem: key.value.content.toString('latin1'),
      certificatePem: certificate.value.content.toString('latin1'),
      chainPems: [],
    };
  },
});
