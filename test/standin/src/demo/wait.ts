import { performance } from 'node:perf_hooks';

const POLL_MS = 100;

export class GaveUp extends Error {}

/** Asks again and again until there is an answer. Throws, with what was waited for, when the time is over. */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T | null> | T | null,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new GaveUp(`${what}: not within ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
