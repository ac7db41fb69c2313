import { createHash, generateKeyPairSync } from 'node:crypto';
import { certificateRequest } from '../../../../knowledge/certificates/certificate-request.js';
import { certificatesOf } from '../../../../knowledge/certificates/check-issued.js';
import { newKey, pemOf } from '../../../../knowledge/certificates/new-key.js';
import { certificateIdOf, dueAt } from '../../../../knowledge/certificates/renewal-info.js';
import type { AcmeSettings, IssuingSettings, MakeContext } from '../../../../units/issuing.js';
import { type CertificateWanted, defineIssuer, IssueFailed, type IssuerLook } from '../issuer.js';

const ISSUE_MS = 180_000;
const ASK_MS = 5000;
const DNS_MS = 60_000;
const AUTHORITIES_BYTES_MAX = 1024 * 1024;

/** RFC 8555: HTTP-01 by a web root, DNS-01 by a program; RFC 9773 tells when it is due. */
export default defineIssuer({
  name: 'acme',
  text: "an ACME server (RFC 8555), as the agent's settings name it (issuers.acme)",
  isOutside: true,
  isSelfSigned: false,
  blocker({ altNames }, { issuing: { acme }, files }) {
    if (acme === null) return 'the setting issuers.acme.directory of the agent names no ACME server';
    if (!acme.directory.startsWith('https://')) return 'issuers.acme.directory must be an https:// address';
    if (acme.webroot === null && acme.dnsCommand === null)
      return 'neither issuers.acme.webroot (HTTP-01) nor issuers.acme.dnsCommand (DNS-01) is set';
    if (acme.webroot !== null && !files.stat(acme.webroot).ok) return `there is no folder ${acme.webroot}`;
    const other = altNames.find((name) => !name.startsWith('DNS:'));
    return other === undefined ? null : `ACME servers issue for host names, and ${other} would be lost`;
  },
  describe: () => 'a new certificate by the ACME server, valid for as long as it says',
  async isDue(wanted, look, { acme }) {
    const replaced = idOf(wanted);
    if (look.issuing.acme === null || replaced === null) return false;
    const { directory } = look.issuing.acme;
    const window = await acme.renewalWindow({
      directory,
      authoritiesPem: authoritiesOf(look.issuing.acme, look.files),
      certificateId: replaced,
      timeoutMs: ASK_MS,
    });
    return window !== null && dueAt(window, replaced) <= look.clock.now();
  },
  issue,
});

async function issue(wanted: CertificateWanted, make: MakeContext, { acme }: IssuingSettings) {
  if (acme === null) throw new IssueFailed('issuers.acme.directory names no ACME server');
  const { commonName, altNames, keyType } = wanted;
  const key = await newKey(keyType);
  const withdrawals = new Map<string, () => Promise<void>>();
  const result = await make.acme.issue({
    directory: acme.directory,
    authoritiesPem: authoritiesOf(acme, make.files),
    accountKeyPem: accountKey(acme, make),
    contact: acme.contact,
    requestPem: await certificateRequest(key, keyType, { commonName, altNames }),
    replaces: idOf(wanted),
    challenge: acme.dnsCommand === null ? 'http-01' : 'dns-01',
    timeoutMs: ISSUE_MS,
    signal: make.signal,
    async fulfil(challenge) {
      const { token, name, answer } = challenge;
      make.tell(`answering the ACME server's challenge for ${name}`);
      withdrawals.set(token, await published(acme, make, { token, name, answer }));
    },
    withdraw: async ({ token }) => withdrawals.get(token)?.(),
  });
  if (result.kind === 'refused')
    throw new IssueFailed(`the ACME server: ${result.detail}`, result.retryAfterMs);
  const [certificatePem, ...chainPems] = certificatesOf(result.chainPem);
  if (certificatePem === undefined) throw new IssueFailed('the ACME server gave no certificate');
  return { keyPem: pemOf(key), certificatePem, chainPems };
}

/** A token is a name of letters, digits, - and _ (RFC 8555, 8.3): nothing else makes a path. */
async function published(
  acme: AcmeSettings,
  make: MakeContext,
  { token, name, answer }: { readonly token: string; readonly name: string; readonly answer: string },
): Promise<() => Promise<void>> {
  if (!/^[\w-]{1,256}$/.test(token)) throw new IssueFailed('the ACME server gave a token that is none');
  const { dnsCommand, webroot } = acme;
  if (dnsCommand !== null) {
    const record = `_acme-challenge.${name}`;
    await dns(make, dnsCommand, ['add', record, answer]);
    return () => dns(make, dnsCommand, ['remove', record, answer]);
  }
  const withdraw = make.publish(`${webroot}/.well-known/acme-challenge/${token}`, answer);
  return async () => withdraw();
}

async function dns({ exec }: MakeContext, program: string, argv: readonly string[]): Promise<void> {
  const result = await exec.run({ program, argv, timeoutMs: DNS_MS });
  if (result.kind === 'exited' && result.code === 0) return;
  throw new IssueFailed(
    `${program} ${argv[0]} ${argv[1]} ${result.kind === 'exited' ? `ended with ${result.code}` : result.kind}`,
  );
}

/** One account for each server, kept in the state folder. */
function accountKey({ directory }: AcmeSettings, { state }: MakeContext): string {
  const name = `issuing/acme-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}.pem`;
  const known = state.read(name);
  if (known !== null) return known.toString('latin1');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  state.replace(name, pem);
  return pem;
}

function authoritiesOf({ authorities }: AcmeSettings, files: IssuerLook['files']): string | null {
  if (authorities === null) return null;
  const read = files.read(authorities, { bytesMax: AUTHORITIES_BYTES_MAX });
  if (!read.ok) throw new IssueFailed(`${authorities}, which issuers.acme.authorities names: ${read.detail}`);
  return read.value.toString('latin1');
}

function idOf({ oldPem }: CertificateWanted): string | null {
  return oldPem === null ? null : certificateIdOf(oldPem);
}
