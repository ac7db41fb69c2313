import type { Doubt } from '../facts/parts/doubt.js';

/** The doubts of these facts, each reason once. */
export function doubtsOf(facts: object): Doubt[] {
  const doubts = Object.values(facts).flatMap((fact: unknown) =>
    typeof fact === 'object' && fact !== null && 'doubts' in fact ? (fact.doubts as readonly Doubt[]) : [],
  );
  return [...new Map(doubts.map((doubt) => [doubt.reason, doubt])).values()];
}
