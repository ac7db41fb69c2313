import { type Evaluation, tlsScopes } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import type { PrivateKeyFile, PrivateKeysFact } from '../../facts/private-keys.js';
import { pemBlocks } from '../../knowledge/certificates/pem-blocks.js';
import { accessOf, replaceableIn } from '../../knowledge/permissions/path-access.js';
import { reachOf } from '../../knowledge/postgresql/file-reach.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

/** Manual, conf.ref.tls_certificate: the certificate's file may hold the key as well. */
const CERTIFICATE_BYTES_MAX = 1024 * 1024;

type Owner = PrivateKeyFile['owner'];

/** A file that something names as the place of its private key. */
interface Named {
  readonly path: string;
  readonly what: string;
  readonly at: Place;
  readonly owner: Owner;
  /** A certificate's file counts only when a key is in it. */
  readonly isCertificate: boolean;
}

export default defineCollector({
  name: 'privateKeys',
  needs: ['install', 'momentumConfig', 'serviceCertificates'],
  // A database alone has a key too.
  mayLack: ['momentumConfig'],
  title: 'Every private key that a service or the configuration names, and who can get at it',
  timeoutMs: 20_000,
  evidence: 'files',
  collect({ files, facts }): PrivateKeysFact {
    const keys = new Map<string, PrivateKeyFile>();
    const unread: PrivateKeysFact['unread'][number][] = [];
    const seen = new Set<string>();
    const configured = facts.momentumConfig ? ofConfig(facts.momentumConfig) : [];
    for (const named of [...ofServices(facts.serviceCertificates), ...configured]) {
      if (seen.has(named.path)) continue;
      seen.add(named.path);
      const problem = openName(named.path);
      if (problem !== null) {
        unread.push({ path: named.path, problem, at: named.at });
        continue;
      }
      const found = look(files, named, facts.install);
      if (found === null) continue;
      if ('problem' in found) unread.push(found);
      // Two names of one file (a link) are one key.
      else if (!keys.has(found.realPath)) keys.set(found.realPath, found);
    }
    // What was not understood may name further keys.
    for (const { service, at, why } of facts.serviceCertificates.unknowns)
      unread.push({ path: `key of ${service}`, problem: why, at });
    const database = facts.serviceCertificates.services.find(({ location }) => location.service === 'msyspg');
    return { keys: [...keys.values()], unread, databaseVersion: database?.location.databaseVersion ?? null };
  },
});

/** Why a name says nothing of where the file is. The manual does not say what a relative one is relative to. */
function openName(path: string): 'relative' | 'macro' | null {
  if (/[%$]/.test(path)) return 'macro';
  return path.startsWith('/') ? null : 'relative';
}

function ofServices({ services }: Facts['serviceCertificates']): Named[] {
  return services
    .filter(({ location }) => location.tls !== 'off')
    .flatMap(({ location }) => {
      const name = (path: string, isCertificate: boolean): Named => ({
        path,
        what: `key of ${location.service}`,
        at: location.decidedBy,
        owner: location.owner,
        isCertificate,
      });
      return [name(location.keyPath, false), name(location.certificatePath, true)];
    });
}

function ofConfig({ configs }: Facts['momentumConfig']): Named[] {
  return configs.flatMap(({ config }) =>
    tlsScopes(config).flatMap((scope) =>
      (['tls_key', 'tls_certificate'] as const).flatMap((option) =>
        namedBy(scope.setting(option), scope.label, option),
      ),
    ),
  );
}

/**
 * `none` is the documented way to have no certificate. A key whose name is relative, or has a macro and so is another
 * file for each connection, is told of; a certificate's file with such a name need not hold a key at all.
 */
function namedBy(setting: Evaluation, label: string, option: 'tls_key' | 'tls_certificate'): Named[] {
  const texts = setting.indeterminate
    ? setting.candidates.map((c) => ({ text: c.text, origin: c.origin }))
    : [{ text: setting.text, origin: setting.origin }];
  return texts.flatMap(({ text, origin }): Named[] => {
    if (!text || text.toLowerCase() === 'none') return [];
    if (option === 'tls_certificate' && openName(text) !== null) return [];
    const at: Place =
      origin.kind === 'file' ? { file: origin.file, line: origin.line, scope: label } : { scope: label };
    return [
      {
        path: text,
        what: `${option} of ${label}`,
        at,
        owner: 'ecuser',
        isCertificate: option === 'tls_certificate',
      },
    ];
  });
}

/** Null: not there (others tell of that), or a certificate without a key in its file. */
function look(
  files: FileReader,
  named: Named,
  install: Facts['install'],
): PrivateKeyFile | PrivateKeysFact['unread'][number] | null {
  const unreadable = (problem: string) => ({ path: named.path, problem, at: named.at });
  const real = files.realpath(named.path);
  const stat = files.stat(named.path);
  if (!real.ok || !stat.ok) {
    const problem = !real.ok ? real.problem : !stat.ok ? stat.problem : 'failed';
    if (named.isCertificate && problem === 'missing') return null;
    return unreadable(problem);
  }
  if (stat.value.kind === 'directory') return named.isCertificate ? null : unreadable('directory');
  if (named.isCertificate && !holdsKey(files, named.path)) return null;
  const acl = files.acl(real.value.path);
  const principal = named.owner === 'msyspg' ? install.databaseUser : install.serviceUser;
  return {
    path: named.path,
    realPath: real.value.path,
    usedBy: { what: named.what, at: named.at },
    owner: named.owner,
    access: accessOf(stat.value),
    acl: acl.ok ? acl.value : 'unread',
    ...(named.owner === 'msyspg' ? { reach: reachOf(files, named.path, principal, 'msyspg') } : {}),
    writableParents: replaceableIn(files, real.value.path, principal ?? { uid: 0, gid: 0 }),
  };
}

function holdsKey(files: FileReader, path: string): boolean {
  const content = files.read(path, { bytesMax: CERTIFICATE_BYTES_MAX });
  return content.ok && pemBlocks(content.value.toString('latin1'), 'PRIVATE KEY').length > 0;
}
