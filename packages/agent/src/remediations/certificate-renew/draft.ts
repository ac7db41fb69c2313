import type { Issued } from '../../knowledge/certificates/check-issued.js';
import { nameOfType } from '../../knowledge/certificates/new-key.js';
import { type PairOwner, pairFiles } from '../../knowledge/certificates/pair-files.js';
import { HANDSHAKES } from '../../knowledge/certificates/served.js';
import { serviceCommand } from '../../knowledge/momentum/programs.js';
import type { MakeContext } from '../../units/issuing.js';
import type { Draft, PlanContext } from '../../units/remediation.js';
import type { Step } from '../../units/step.js';
import type { ServiceCertificate } from './chosen.js';
import { issueWith } from './issue.js';
import type { CertificateWanted, Issuer } from './issuers/issuer.js';
import { certificateFile, chainFile, combinedFile } from './pem-layout.js';
import type { Taker } from './shown.js';

const CHAIN_BYTES_MAX = 1024 * 1024;

export interface Renewal {
  readonly pair: ServiceCertificate;
  readonly takers: readonly Taker[];
  readonly issuer: Issuer;
  readonly wanted: CertificateWanted;
  readonly owner: PairOwner;
  readonly controls: readonly string[];
}

type Drafted = { readonly ok: true; readonly draft: Draft } | { readonly ok: false; readonly why: string };
type Context = Pick<PlanContext, 'look' | 'issuing'>;

export function draftOf(context: Context, renewal: Renewal): Drafted {
  const { pair, takers, issuer, wanted, owner } = renewal;
  const { location, certificate, key } = pair;
  const files = pairFiles(context.look.files, location, owner, !issuer.isSelfSigned);
  if (!files.ok) return files;
  const old = certificate.state === 'parsed' ? certificate.leaf : null;
  const signing = issuer.signs?.(wanted, context.issuing) ?? null;
  return {
    ok: true,
    draft: {
      steps: [
        // The old key is a secret: its copy does not outlive the run.
        { kind: 'replace-files', id: 'key and certificate', files: files.files, secretBackup: true },
        ...takers.map((taker) => serviceStep(taker, old?.fingerprint ?? null)),
      ],
      changes: [
        {
          kind: 'file',
          target: location.keyPath,
          summary: `a new ${nameOfType(wanted.keyType)} key, made on this node`,
          before: key.state === 'parsed' ? key.spkiSha256 : null,
          after: null,
        },
        {
          kind: 'certificate',
          target: location.certificatePath,
          summary: `${issuer.describe(wanted, context.issuing)}, for ${wanted.commonName} (${wanted.altNames.join(', ')})`,
          before: old?.fingerprint ?? null,
          after: null,
        },
        ...takers.map(({ service, action }) => ({
          kind: 'service' as const,
          target: service,
          summary: commandText(service, action),
          before: null,
          after: null,
        })),
      ],
      effects: takers.map(effectOf),
      verification: [
        ...takers.map(
          ({ listener: { endpoint } }) =>
            `${HANDSHAKES} handshakes in a row with ${endpoint.host}:${endpoint.port} show the new certificate`,
        ),
        `${renewal.controls.join(' and ')} ${renewal.controls.length > 1 ? 'pass' : 'passes'}`,
      ],
      notes: [...notesOf(renewal, files.isCombined), ...(issuer.notes?.(context.issuing) ?? [])],
      ...(signing === null ? {} : { signs: [signing] }),
      contents: contentsOf(context, renewal, files.isCombined),
    },
  };
}

function effectOf({ service, action }: Taker): string {
  if (action === 'start') return `${service} is down, and is started`;
  return action === 'restart'
    ? `${service} is restarted`
    : `${service} reads the pair and goes on to listen (its init script knows ${action}); it is restarted only if it then serves the old one still`;
}

function commandText(service: Taker['service'], action: Taker['action']): string {
  const { program, argv } = serviceCommand(service, action);
  return `${program} ${argv.join(' ')}`;
}

function serviceStep({ service, action, listener, shows }: Taker, onDisk: string | null): Step {
  // A service that was not restarted since its file changed shows the file's when it is put back.
  const before = shows === null ? [] : [shows, ...(onDisk === null ? [] : [onDisk])];
  return {
    kind: 'service',
    id: `${action} ${service}`,
    service,
    action,
    servedBefore: { ...listener, fingerprints: [...new Set(before)] },
  };
}

function notesOf({ pair: { location }, takers, issuer }: Renewal, isCombined: boolean): string[] {
  const down = takers.filter(({ action }) => action === 'start').map(({ service }) => service);
  const { chainPath, otherPlace } = location;
  return [
    ...(down.length > 0
      ? [
          `if ${down.join(' and ')} does not come up with the new pair, the old one is put back and it stays down`,
        ]
      : []),
    ...(chainPath !== undefined && issuer.isSelfSigned
      ? [`${chainPath} is left as it is: a self-signed certificate has nobody above it`]
      : []),
    ...(isCombined ? [`${location.keyPath} holds the key and the certificate, and goes on to`] : []),
    ...(otherPlace
      ? [`${otherPlace.certificatePath} exists too and is left alone: the service does not read it`]
      : []),
  ];
}

function contentsOf(
  { look, issuing }: Context,
  { pair, issuer, wanted }: Renewal,
  isCombined: boolean,
): Draft['contents'] {
  const { location } = pair;
  let made: Promise<Issued> | null = null;
  const issued = (make: MakeContext) => {
    made ??= issueWith({ issuer, wanted, issuing }, make);
    return made;
  };
  const textOf = (path: string): string => {
    const read = look.files.read(path, { bytesMax: CHAIN_BYTES_MAX });
    return read.ok ? read.value.toString('latin1') : '';
  };
  const hasChainFile = location.chainPath !== undefined;
  return {
    key: async (make) => Buffer.from((await issued(make)).keyPem),
    certificate: async (make) =>
      Buffer.from(
        isCombined
          ? combinedFile(await issued(make), textOf(location.certificatePath), hasChainFile)
          : certificateFile(await issued(make), hasChainFile),
      ),
    chain: async (make) => Buffer.from(chainFile(await issued(make)) ?? textOf(location.chainPath ?? '')),
  };
}
