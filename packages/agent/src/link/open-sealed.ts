import { createPrivateKey } from 'node:crypto';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';

/** Opens a secret that was sealed to this node (compact JWE, ECDH-ES+A256KW, A256GCM). The error names no part of it. */
export async function openSealed(jwe: string, keyPem: string): Promise<Result<string>> {
  const { compactDecrypt } = await import('jose');
  try {
    const { plaintext } = await compactDecrypt(jwe, createPrivateKey(keyPem), {
      keyManagementAlgorithms: ['ECDH-ES+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return ok(new TextDecoder().decode(plaintext));
  } catch {
    return err(
      casError('CAS_PARAM_INVALID', "a secret parameter was not sealed to this node's key: enter it again"),
    );
  }
}
