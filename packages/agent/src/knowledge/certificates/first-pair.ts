import type { PlannedChange } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import type { Clock } from '../../ports/clock.js';
import type { FileReader } from '../../ports/files.js';
import type { Draft } from '../../units/remediation.js';
import type { Step } from '../../units/step.js';
import { type PairOwner, pairFiles } from './pair-files.js';
import { selfSigned } from './self-signed.js';

/** As create_ssl_cert makes them (Manual, executable.create_ssl_cert). */
const DAYS = 365;

export type FirstPair =
  | {
      readonly ok: true;
      readonly steps: readonly Step[];
      readonly changes: readonly PlannedChange[];
      readonly contents: Draft['contents'];
    }
  | { readonly ok: false; readonly why: string };

/** For TLS that is switched on: nothing where a good pair stands already, else a self-signed one that is made here. */
export function firstPair(
  { files, clock }: { readonly files: FileReader; readonly clock: Clock },
  { location, certificate, key, matches }: Facts['serviceCertificates']['services'][number],
  owner: PairOwner,
): FirstPair {
  const leaf = certificate.state === 'parsed' ? certificate.leaf : null;
  const now = clock.now();
  const isInTime = leaf !== null && leaf.notBeforeMs <= now && leaf.notAfterMs > now;
  if (isInTime && matches === true) return { ok: true, steps: [], changes: [], contents: {} };
  if (leaf !== null && !leaf.isSelfSigned)
    return {
      ok: false,
      why: `${location.certificatePath} was issued by ${leaf.issuer} and is ${isInTime ? 'not known to be of its key' : 'out of its time'}: ask there for a new one`,
    };
  if (key.state === 'encrypted') return { ok: false, why: `${location.keyPath} is encrypted: ${key.detail}` };
  const replaced = pairFiles(files, location, owner, false);
  if (!replaced.ok) return replaced;
  if (replaced.isCombined)
    return {
      ok: false,
      why: `${location.keyPath} is to hold both, and holds no good pair: a person must make it`,
    };
  const commonName = leaf?.commonName ?? location.hostname;
  const altNames = [...new Set([...(leaf?.subjectAltNames ?? []), `DNS:${location.hostname}`])];
  let made: ReturnType<typeof selfSigned> | null = null;
  const pair = () => {
    made ??= selfSigned({ commonName, altNames, nowMs: clock.now(), days: DAYS });
    return made;
  };
  return {
    ok: true,
    steps: [{ kind: 'replace-files', id: 'key and certificate', files: replaced.files, secretBackup: true }],
    changes: [
      {
        kind: 'file',
        target: location.keyPath,
        summary: 'a new RSA 2048 key, made on this node',
        before: key.state === 'parsed' ? key.spkiSha256 : null,
        after: null,
      },
      {
        kind: 'certificate',
        target: location.certificatePath,
        summary: `a new self-signed certificate for ${commonName} (${altNames.join(', ')}), valid for ${DAYS} days`,
        before: leaf?.fingerprint ?? null,
        after: null,
      },
    ],
    contents: {
      key: async () => Buffer.from((await pair()).keyPem),
      certificate: async () => Buffer.from((await pair()).certificatePem),
    },
  };
}
