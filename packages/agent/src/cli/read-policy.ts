import { type Policy, parsePolicy } from '../policy/parse-policy.js';
import { controls } from '../registry/controls.generated.js';
import { readNamed } from './tree-options.js';

/** The policy in a file that a person named, held against the controls that there are. */
export function readPolicy(path: string): Policy {
  const policy = parsePolicy(readNamed(path), path, controls);
  if (!policy.ok) throw policy.error;
  return policy.value;
}
