/**
 * Protobuf messages put together from encoded pieces. A message is the concatenation of its fields, and a field that
 * holds bytes or a message is its key, its length and its content; so weights are handed on as they lie in memory.
 */

/** What comes before the content of the field `id`, which has `length` bytes. */
export function fieldHead(id: number, length: number): Uint8Array {
  return Uint8Array.of(...varint(id * 8 + 2), ...varint(length));
}

export function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(chunks));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
