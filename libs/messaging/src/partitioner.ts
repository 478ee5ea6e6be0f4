const seed = 0x9747b28c;
const mixer = 0x5bd1e995;

/** Kafka's murmur2 (clients, Utils.java): every client of any language then agrees on the partition of a key. */
export function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let h = seed ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(data.readInt32LE(at), mixer);
    k = Math.imul(k ^ (k >>> 24), mixer);
    h = Math.imul(h, mixer) ^ k;
  }
  const rest = data.length - whole;
  if (rest === 3) h ^= data.readUInt8(whole + 2) << 16;
  if (rest >= 2) h ^= data.readUInt8(whole + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ data.readUInt8(whole), mixer);
  h = Math.imul(h ^ (h >>> 13), mixer);
  return h ^ (h >>> 15);
}

/** In: key and number of partitions of the topic. Out: the key's partition, as Kafka's default partitioner has it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}
