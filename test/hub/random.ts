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

/** The seed that `BRYGGAN_TEST_SEED` states, else the same one always; said aloud so that a run can be had again. */
export function seedOf(test: string): number {
  const stated = Number(process.env['BRYGGAN_TEST_SEED']);
  const seed = Number.isInteger(stated) && stated > 0 ? stated : 20_170_612;
  process.stderr.write(`${test}: BRYGGAN_TEST_SEED=${seed}\n`);
  return seed;
}
