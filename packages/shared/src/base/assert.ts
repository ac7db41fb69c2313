/** A broken promise of our own code: never an answer to bad input. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

export function assert(claim: unknown, message: string): asserts claim {
  if (!claim) throw new AssertionFailure(message);
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unreachable: ${JSON.stringify(value)}`);
}
