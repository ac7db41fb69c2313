import { type Issued, whyNotGood } from '../../knowledge/certificates/check-issued.js';
import type { IssuingSettings, MakeContext } from '../../units/issuing.js';
import { begun, failedWith, readAttempts, succeeded, writeAttempts } from './attempts.js';
import { type CertificateWanted, IssueFailed, type Issuer } from './issuers/issuer.js';

export interface IssueRequest {
  readonly issuer: Issuer;
  readonly wanted: CertificateWanted;
  readonly issuing: IssuingSettings;
}

/** Asks the issuer, and takes nothing that is not good. Of one outside of this node each attempt is remembered first. */
export async function issueWith(
  { issuer, wanted, issuing }: IssueRequest,
  make: MakeContext,
): Promise<Issued> {
  const { state, clock } = make;
  const { certificatePath } = wanted;
  const remember = issuer.isOutside;
  if (remember)
    writeAttempts(state, issuer.name, begun(readAttempts(state, issuer.name), certificatePath, clock.now()));
  try {
    const issued = await issuer.issue(wanted, make, issuing);
    const fault = whyNotGood(issued, wanted, clock.now());
    if (fault !== null) throw new IssueFailed(`the new certificate was not taken: ${fault}`);
    if (remember)
      writeAttempts(state, issuer.name, succeeded(readAttempts(state, issuer.name), certificatePath));
    return issued;
  } catch (error) {
    if (remember && error instanceof IssueFailed)
      writeAttempts(
        state,
        issuer.name,
        failedWith(readAttempts(state, issuer.name), certificatePath, clock.now(), error.retryAfterMs),
      );
    throw error;
  }
}
