import { sha256Hex } from '@castellan/shared/base/canonical-json';

/** Tries on one account that cost nothing but the try. */
export const FREE_TRIES = 5;
/** After them each try must wait twice as long as the one before, up to this: nobody is locked out for good. */
export const WAIT_MS_MAX = 60_000;
const WAIT_MS_FIRST = 1_000;
/** An account that nobody tries is forgotten after this. */
const FORGET_MS = 15 * 60_000;
export const ACCOUNTS_MAX = 10_000;
/** Names that nobody has share so many places: a stranger's inventions cannot fill the table. */
const UNKNOWN_PLACES = 1_024;
/** Addresses from which an account was signed in to; they count for themselves, so that others' tries do not hold them up. */
const GOOD_ADDRESSES_MAX = 4;

interface Tries {
  count: number;
  notBefore: number;
  lastAt: number;
}

export interface SignInTry {
  readonly name: string;
  readonly isKnown: boolean;
  readonly address: string;
}

/** Slows down guessing on one account, wherever it comes from. In memory: a restart forgives. */
export class SignInLimits {
  readonly #tries = new Map<string, Tries>();
  readonly #good = new Map<string, string[]>();

  /** Takes one try. The result is how long to wait, ms, when it may not be made now; else null. */
  begin(attempt: SignInTry, now: number): number | null {
    const key = this.#keyOf(attempt);
    const known = this.#tries.get(key);
    const tries = known && now - known.lastAt < FORGET_MS ? known : { count: 0, notBefore: 0, lastAt: now };
    const waitMs = Math.min(tries.notBefore - now, WAIT_MS_MAX);
    if (waitMs > 0) return waitMs;
    const count = tries.count + 1;
    // Counted before it is known to be wrong: tries that are made at once must not all be free.
    const wait = count < FREE_TRIES ? 0 : Math.min(WAIT_MS_FIRST * 2 ** (count - FREE_TRIES), WAIT_MS_MAX);
    remember(this.#tries, key, { count, notBefore: now + wait, lastAt: now });
    return null;
  }

  succeeded(attempt: SignInTry): void {
    this.#tries.delete(this.#keyOf(attempt));
    const others = (this.#good.get(attempt.name) ?? []).filter((address) => address !== attempt.address);
    remember(this.#good, attempt.name, [attempt.address, ...others].slice(0, GOOD_ADDRESSES_MAX));
  }

  #keyOf({ name, isKnown, address }: SignInTry): string {
    if (!isKnown) return `? ${Number.parseInt(sha256Hex(name).slice(0, 8), 16) % UNKNOWN_PLACES}`;
    return this.#good.get(name)?.includes(address) ? `= ${name} ${address}` : `= ${name}`;
  }
}

/** The newest stay. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > ACCOUNTS_MAX && oldest !== undefined) map.delete(oldest);
}
