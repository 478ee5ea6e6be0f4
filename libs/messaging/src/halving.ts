/**
 * Runs work on all items; when it blames them, on each half, until the culprit stands alone (architecture 2.9).
 * In: items in their order; `attempt`, which answers the error when an item is to blame and undefined when all went well;
 * what to do with the one that is to blame. Errors: those that `attempt` and `culprit` throw; then nothing more is tried.
 */
export async function halveAround<T>(
  items: readonly T[],
  attempt: (part: readonly T[]) => Promise<Error | undefined>,
  culprit: (item: T, error: Error) => Promise<void>,
): Promise<void> {
  const blamed = await attempt(items);
  if (blamed === undefined) return;
  const [only] = items;
  if (only !== undefined && items.length === 1) return culprit(only, blamed);
  const half = items.length >> 1;
  await halveAround(items.slice(0, half), attempt, culprit);
  await halveAround(items.slice(half), attempt, culprit);
}

/** How many records are tried at once: half of what failed, down to one; double after each success that was as large as allowed. */
export class AdaptiveLimit {
  readonly #most: number;
  #value: number;

  constructor(most: number) {
    this.#most = most;
    this.#value = most;
  }

  get value(): number {
    return this.#value;
  }

  failed(records: number): void {
    this.#value = Math.max(1, records >> 1);
  }

  went(records: number): void {
    if (records >= this.#value) this.#value = Math.min(this.#most, this.#value * 2);
  }
}
