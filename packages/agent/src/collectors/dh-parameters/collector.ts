import { checkPrime, getDiffieHellman } from 'node:crypto';
import { promisify } from 'node:util';
import { evaluate } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { DhParametersFact, DhParametersFile } from '../../facts/dh-parameters.js';
import type { Facts } from '../../facts/facts.generated.js';
import type { Doubt } from '../../facts/parts/doubt.js';
import { derInteger, derSequence } from '../../knowledge/certificates/der.js';
import { pemBlocks } from '../../knowledge/certificates/pem-blocks.js';
import { PathAccess, type Reach } from '../../knowledge/permissions/path-access.js';
import { sha256Of } from '../../knowledge/wire/primes.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

const BITS_TESTED_MAX = 8192;
const testPrime = promisify<Buffer, boolean>((candidate, done) => checkPrime(candidate, {}, done));

/** The groups of RFC 3526, from 1536 to 8192 bits: files hold them often, and a test of the largest takes 20 s. */
const KNOWN_GROUPS = ['modp5', 'modp14', 'modp15', 'modp16', 'modp17', 'modp18'];

export default defineCollector({
  name: 'dhParameters',
  needs: ['install', 'momentumConfig'],
  title:
    'The Diffie-Hellman parameters that tls_dhparams_file names: their size, and whether they can be read',
  timeoutMs: 20_000,
  evidence: 'files',
  async collect({ files, facts }): Promise<DhParametersFact> {
    const settings = facts.momentumConfig.configs.map(({ config }) =>
      evaluate(config, [], 'tls_dhparams_file'),
    );
    const places = new Map<string, Place>();
    for (const { text, origin } of settings) {
      if (text && origin.kind === 'file' && !places.has(text))
        places.set(text, { file: origin.file, line: origin.line });
    }
    const user = facts.momentumConfig.runUser.principal;
    return {
      files: await Promise.all([...places].map(([path, at]) => look(files, user, path, at))),
      doubts: [
        ...facts.momentumConfig.doubts,
        ...settings
          .filter(({ indeterminate }) => indeterminate)
          .map(({ why }): Doubt => ({ kind: 'incomplete', reason: why })),
      ],
    };
  },
});

type User = Facts['momentumConfig']['runUser']['principal'];

async function look(files: FileReader, user: User, path: string, at: Place): Promise<DhParametersFile> {
  const unknown = { path, at, bits: null, isPrime: null, serviceCanRead: null, mtimeMs: null };
  const content = files.read(path, { bytesMax: 1024 * 1024 });
  if (!content.ok) {
    const state = content.problem === 'missing' || content.problem === 'denied' ? content.problem : 'other';
    return { ...unknown, state, detail: content.detail };
  }
  const stat = files.stat(path);
  const known = {
    ...unknown,
    serviceCanRead: user ? canRead(new PathAccess(files, user).check(path, 'read')) : null,
    mtimeMs: stat.ok ? stat.value.mtimeMs : null,
  };
  const prime = primeOf(content.value);
  if (!prime)
    return { ...known, state: 'malformed', detail: 'it holds no DH PARAMETERS block that can be decoded' };
  const bits = prime.length * 8 - Math.clz32(prime[0] ?? 0) + 24;
  const isPrime = isKnownPrime(prime) || (bits <= BITS_TESTED_MAX ? await testPrime(prime) : null);
  return { ...known, state: 'parsed', detail: `${bits} bits`, bits, isPrime, primeSha256: sha256Of(prime) };
}

function isKnownPrime(prime: Buffer): boolean {
  return KNOWN_GROUPS.some((name) => getDiffieHellman(name).getPrime().equals(prime));
}

function canRead(reach: Reach): boolean | null {
  return reach.kind === 'unknown' ? null : reach.kind === 'granted';
}

/** PKCS #3 and X9.42 both begin with a sequence whose first integer is the prime. */
function primeOf(content: Buffer): Buffer | null {
  const text = pemBlocks(content.toString('latin1'), 'DH PARAMETERS')[0]?.text;
  const block = text?.slice(text.indexOf('\n'), text.lastIndexOf('-----END '));
  if (!block) return null;
  const sequence = derSequence(Buffer.from(block, 'base64'));
  return sequence ? derInteger(sequence) : null;
}
