import { X509Certificate } from 'node:crypto';
import { type Evaluation, type TlsScope, tlsScopes } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import type { MtaAuthorities, MtaCertificatesFact, MtaPair } from '../../facts/mta-certificates.js';
import type { Doubt } from '../../facts/parts/doubt.js';
import type { FileReach } from '../../facts/parts/file-reach.js';
import { opensslPem } from '../../knowledge/certificates/openssl-pem.js';
import { certificateEvidence, keyEvidence } from '../../knowledge/certificates/pem-reader.js';
import { KEY_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import { PathAccess } from '../../knowledge/permissions/path-access.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

/** A system's whole bundle is a quarter of that. */
const BUNDLE_BYTES_MAX = 4 * 1024 * 1024;
const FILES_MAX = 500;
const DOUBTS_MAX = 20;

type User = Facts['momentumConfig']['runUser']['principal'];

interface Named {
  readonly text: string;
  readonly at: Place;
}

interface Look {
  readonly files: FileReader;
  readonly all: FileReader;
  readonly user: User;
}

export default defineCollector({
  name: 'mtaCertificates',
  needs: ['install', 'momentumConfig'],
  title: 'Certificates, keys and authorities that the MTA’s configuration names in any scope',
  timeoutMs: 30_000,
  evidence: 'files',
  collect({ files, facts }): MtaCertificatesFact {
    const user = facts.momentumConfig.runUser.principal;
    const look = { files: namedBy(files, user, KEY_PLACES.ecuser), all: files, user };
    const pairs = new Map<string, MtaPair>();
    const authorities = new Map<string, MtaAuthorities>();
    const unresolved = new Map<string, MtaCertificatesFact['unresolved'][number]>();
    const doubts: Doubt[] = [...facts.momentumConfig.doubts];
    const named = (scope: TlsScope, option: string): Named[] => {
      const setting = scope.setting(option);
      if (setting.indeterminate && doubts.length < DOUBTS_MAX)
        doubts.push({ kind: 'incomplete', reason: `${option} of ${scope.label}: ${setting.why}` });
      return textsOf(setting, scope.label).filter(({ text, at }) => {
        const problem = openName(text);
        if (problem !== null) unresolved.set(text, { path: text, problem, at });
        return problem === null;
      });
    };
    for (const { config } of facts.momentumConfig.configs)
      for (const scope of tlsScopes(config)) {
        const keys = named(scope, 'tls_key');
        for (const certificate of named(scope, 'tls_certificate'))
          for (const key of keys.length > 0 ? keys : [certificate]) {
            const name = `${certificate.text}\n${key.text}`;
            if (pairs.size < FILES_MAX && !pairs.has(name)) pairs.set(name, pairOf(look, certificate, key));
          }
        for (const option of scope.direction === 'inbound' ? ['tls_ca', 'tls_client_ca'] : ['tls_ca'])
          for (const one of named(scope, option))
            if (authorities.size < FILES_MAX && !authorities.has(one.text))
              authorities.set(one.text, authoritiesOf(look, one, option));
      }
    if (pairs.size >= FILES_MAX || authorities.size >= FILES_MAX)
      doubts.push({
        kind: 'incomplete',
        reason: `more than ${FILES_MAX} files are named; not all were read`,
      });
    return {
      pairs: [...pairs.values()],
      authorities: [...authorities.values()],
      unresolved: [...unresolved.values()].slice(0, FILES_MAX),
      doubts,
    };
  },
});

/** `none` is the documented way to have no certificate (Manual, conf.ref.tls_certificate). */
function textsOf(setting: Evaluation, label: string): Named[] {
  const all = setting.indeterminate
    ? setting.candidates.map(({ text, origin }) => ({ text, origin }))
    : [{ text: setting.text, origin: setting.origin }];
  return all.flatMap(({ text, origin }) => {
    if (!text || text.toLowerCase() === 'none') return [];
    const place = origin.kind === 'file' ? { file: origin.file, line: origin.line } : {};
    return [{ text, at: { ...place, scope: label } }];
  });
}

function openName(path: string): 'relative' | 'macro' | null {
  if (/[%$]/.test(path)) return 'macro';
  return path.startsWith('/') ? null : 'relative';
}

function pairOf({ files, all, user }: Look, { text, at }: Named, key: Named): MtaPair {
  const certificate = certificateEvidence(files, text, 'any');
  const evidence = keyEvidence(files, key.text, 'any');
  const isBoth = certificate.state === 'parsed' && evidence.state === 'parsed';
  return {
    certificatePath: text,
    keyPath: key.text,
    at,
    certificate,
    key: evidence,
    matches: isBoth ? certificate.leaf.spkiSha256 === evidence.spkiSha256 : null,
    ...(user ? { reach: { certificate: reach(all, user, text), key: reach(all, user, key.text) } } : {}),
  };
}

function authoritiesOf({ files, all, user }: Look, { text, at }: Named, option: string): MtaAuthorities {
  const common = { path: text, option, at, ...(user ? { reach: reach(all, user, text) } : {}) };
  const content = files.read(text, { bytesMax: BUNDLE_BYTES_MAX });
  if (!content.ok) {
    const state =
      content.problem === 'missing' ? 'missing' : content.problem === 'directory' ? 'unusable' : 'unread';
    return { ...common, state, detail: content.detail };
  }
  const { blocks } = opensslPem(content.value);
  const first = blocks.find(({ label }) => /CERTIFICATE$/.test(label));
  try {
    if (!first) return { ...common, state: 'unusable', detail: 'it holds no certificate in PEM form' };
    new X509Certificate(first.der);
    return { ...common, state: 'parsed', detail: '' };
  } catch {
    return { ...common, state: 'unusable', detail: 'a certificate in it cannot be decoded' };
  }
}

function reach(files: FileReader, user: NonNullable<User>, path: string): FileReach {
  const found = new PathAccess(files, user).check(path, 'read');
  if (found.kind === 'granted') return { kind: 'readable' };
  return found.kind === 'denied'
    ? { kind: 'denied', path: found.path, access: found.access }
    : { kind: 'unknown', problem: found.problem };
}
