import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { EnrolAnswer } from '@castellan/shared/protocol/enrolment';
import type { StateStore } from '../ports/state-store.js';

/** Who this node is to its server. `keyPem` stays in this process and in its file. */
export interface Identity {
  readonly nodeId: string;
  readonly serverId: string;
  readonly name: string;
  /** wss://host:port/agent */
  readonly url: string;
  readonly commandKey: EnrolAnswer['commandKey'];
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly authorityPem: string;
}

const FOLDER = 'identity';
const NODE_FILE = 'node.json';
/** In the order in which they are written. */
const FILES = { keyPem: 'key.pem', certificatePem: 'cert.pem', authorityPem: 'authority.pem' } as const;
/** What `node.json` holds, and held before it could tell damage. */
const MEMBERS = ['nodeId', 'serverId', 'name', 'url', 'commandKey'];

type NodePart = Pick<Identity, 'nodeId' | 'serverId' | 'name' | 'url' | 'commandKey'>;

/** `node.json`: SHA-256 of each other file, and of this one without its own sum. */
interface NodeFile extends NodePart {
  readonly sums?: Readonly<Record<string, string>>;
  readonly sum?: string;
}

/** Null: the node was never enrolled. What is damaged, or half there, is an error: nothing of it is used. */
export function readIdentity(store: StateStore): Result<Identity | null> {
  const text = (name: string) => store.read(`${FOLDER}/${name}`)?.toString('utf8') ?? null;
  const [node, keyPem, certificatePem, authorityPem] = [
    text(NODE_FILE),
    text(FILES.keyPem),
    text(FILES.certificatePem),
    text(FILES.authorityPem),
  ];
  if (node === null && keyPem === null && certificatePem === null && authorityPem === null) return ok(null);
  const unusable = (name: string, what: string) =>
    err(casError('CAS_STATE_UNUSABLE', `${store.path}/${FOLDER}/${name} is ${what}; enrol the node again`));
  const missing = Object.entries({
    [NODE_FILE]: node,
    [FILES.keyPem]: keyPem,
    [FILES.certificatePem]: certificatePem,
    [FILES.authorityPem]: authorityPem,
  }).find(([, content]) => content === null);
  if (missing || node === null || keyPem === null || certificatePem === null || authorityPem === null)
    return unusable(missing?.[0] ?? NODE_FILE, 'missing');
  const known = nodePartOf(node);
  if (known === null) return unusable(NODE_FILE, 'damaged');
  const identity: Identity = { ...known.part, keyPem, certificatePem, authorityPem };
  const sums = sumsOf(identity);
  const other = Object.keys(sums).find((name) => known.sums !== null && known.sums[name] !== sums[name]);
  return other === undefined ? ok(identity) : unusable(other, 'damaged');
}

/** Null: damaged. `sums` null: of an earlier release, which could not tell. */
function nodePartOf(
  text: string,
): { readonly part: NodePart; readonly sums: Readonly<Record<string, string>> | null } | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { sum, sums, ...part } = value as NodeFile;
  const isWhole = MEMBERS.every((name) => name in part) && Object.keys(part).length === MEMBERS.length;
  if (!isWhole) return null;
  if (sum === undefined && sums === undefined) return { part, sums: null };
  return sums !== undefined && sum === sumOf({ ...part, sums }) ? { part, sums } : null;
}

function sumsOf(identity: Pick<Identity, keyof typeof FILES>): Readonly<Record<string, string>> {
  return {
    [FILES.keyPem]: sha256(identity.keyPem),
    [FILES.certificatePem]: sha256(identity.certificatePem),
    [FILES.authorityPem]: sha256(identity.authorityPem),
  };
}

/** Whatever the order of the members. */
function sumOf(node: Omit<NodeFile, 'sum'>): string {
  return sha256(JSON.stringify(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** node.json comes last: a crash before it leaves a node that must be enrolled again, and says so. */
export function writeIdentity(store: StateStore, identity: Identity): void {
  const { keyPem, certificatePem, authorityPem, ...part } = identity;
  store.remove(`${FOLDER}/${NODE_FILE}`);
  store.replace(`${FOLDER}/${FILES.keyPem}`, keyPem);
  store.replace(`${FOLDER}/${FILES.certificatePem}`, certificatePem);
  store.replace(`${FOLDER}/${FILES.authorityPem}`, authorityPem);
  const node = { ...part, sums: sumsOf(identity) };
  store.replace(`${FOLDER}/${NODE_FILE}`, `${JSON.stringify({ ...node, sum: sumOf(node) }, null, 2)}\n`);
}

/** Why the certificate cannot serve, or null. */
export function certificateFault(identity: Identity, nowMs: number): string | null {
  try {
    return faultOf(identity, nowMs);
  } catch (error) {
    return `the node's key or certificate is damaged (${error instanceof Error ? error.message : String(error)}): enrol it again`;
  }
}

function faultOf(identity: Identity, nowMs: number): string | null {
  const certificate = new X509Certificate(identity.certificatePem);
  if (Date.parse(certificate.validTo) <= nowMs)
    return `the node's certificate ended on ${certificate.validTo}: the agent renews it by its key within the server's grace; after that, enrol it again`;
  const own = createPublicKey(identity.keyPem).export({ type: 'spki', format: 'der' });
  if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(own))
    return "the node's certificate is not of its key: enrol it again";
  return null;
}
