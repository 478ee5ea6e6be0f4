/**
 * Cuts the bytes of a connection into the frames of Kafka's protocol: four bytes of length, then so many bytes.
 * @param onFrame gets each whole frame with its length in front
 * @returns takes the chunks as they come
 */
export function kafkaFrames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    pending.push(chunk);
    size += chunk.length;
    while (size >= 4) {
      const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending, size);
      const end = 4 + bytes.readInt32BE(0);
      pending = [bytes];
      if (size < end) return;
      onFrame(bytes.subarray(0, end));
      pending = size > end ? [bytes.subarray(end)] : [];
      size -= end;
    }
  };
}
