import { certificateRequest } from '../../../../knowledge/certificates/certificate-request.js';
import { certificatesOf } from '../../../../knowledge/certificates/check-issued.js';
import { newKey, pemOf } from '../../../../knowledge/certificates/new-key.js';
import { defineIssuer, IssueFailed } from '../issuer.js';

const COMMAND_MS = 120_000;
const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * A program that root named in the agent's settings: it gets the request (PKCS#10, PEM) on stdin and prints the
 * certificate with its chain (PEM, the leaf first).
 */
export default defineIssuer({
  name: 'command',
  text: "made by the program that the agent's settings name (issuers.command)",
  isOutside: true,
  isSelfSigned: false,
  blocker(_, { issuing, files }) {
    if (issuing.command === null) return 'the setting issuers.command of the agent names no program';
    return files.stat(issuing.command).ok
      ? null
      : `${issuing.command}, which issuers.command names, is not there`;
  },
  describe: () => 'a new certificate by the program of issuers.command',
  async issue({ commonName, altNames, keyType, service }, { exec, signal }, { command }) {
    if (command === null) throw new IssueFailed('issuers.command names no program');
    const key = await newKey(keyType);
    const result = await exec.run({
      program: command,
      argv: [service, commonName],
      stdin: await certificateRequest(key, keyType, { commonName, altNames }),
      timeoutMs: COMMAND_MS,
      outputBytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    if (result.kind === 'unstarted') throw new IssueFailed(`${command} could not be run: ${result.detail}`);
    if (result.kind !== 'exited' || result.code !== 0)
      throw new IssueFailed(
        `${command} ${result.kind === 'exited' ? `ended with ${result.code}` : result.kind}`,
      );
    const [certificatePem, ...chainPems] = certificatesOf(result.stdout);
    if (certificatePem === undefined) throw new IssueFailed(`${command} printed no certificate`);
    return { keyPem: pemOf(key), certificatePem, chainPems };
  },
});
