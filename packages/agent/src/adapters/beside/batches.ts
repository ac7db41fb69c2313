/** Of what is asked in one request. */
export interface BatchBounds {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** Items in their order, each batch within the bounds; one item that alone is larger is a batch of its own. */
export function* batchesOf<T>(
  items: Iterable<T>,
  { itemsMax, bytesMax }: BatchBounds,
  bytesOf: (item: T) => number,
): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (batch.length > 0 && (batch.length >= itemsMax || bytes + size > bytesMax)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
