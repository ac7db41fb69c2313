/** A fact larger than this is frozen down to here: the walk must not cost more than the collection. */
const FREEZE_VALUES_MAX = 50_000;

/**
 * Freezes arrays and plain objects, all the way down: controls share facts, and one must not spoil another's.
 * Instances of classes keep their own state (the parsed configuration answers from caches) and are left alone.
 */
export function freezeFact<T>(fact: T): T {
  const ahead: unknown[] = [fact];
  let seen = 0;
  for (let value = ahead.pop(); ahead.length > 0 || value !== undefined; value = ahead.pop()) {
    if (!isPlain(value) || Object.isFrozen(value)) continue;
    seen += 1;
    if (seen > FREEZE_VALUES_MAX) break;
    Object.freeze(value);
    // One by one: as arguments of one call, the members of a large fact would not fit on the stack.
    for (const member of Object.values(value))
      if (typeof member === 'object' && member !== null) ahead.push(member);
  }
  return fact;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
