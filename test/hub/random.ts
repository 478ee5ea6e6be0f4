/** xorshift32: @returns numbers from 0 to 1, the same for the same seed everywhere */
export function drawn(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** A seed that nobody chose, said aloud so that a run can be had again; `BRYGGAN_TEST_SEED` chooses one. */
export function seedOf(test: string): number {
  const stated = Number(process.env['BRYGGAN_TEST_SEED']);
  const seed = Number.isInteger(stated) && stated > 0 ? stated : Math.floor(Math.random() * 1_000_000_000) + 1;
  process.stderr.write(`${test}: BRYGGAN_TEST_SEED=${seed}\n`);
  return seed;
}
