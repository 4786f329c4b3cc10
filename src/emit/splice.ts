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

/** Chunks one after another in one piece of memory. */
export class Joined {
  #memory = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  append(...chunks: readonly Uint8Array[]): void {
    const from = this.#length;
    this.#length += lengthOf(chunks);
    if (this.#length > this.#memory.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#memory);
      this.#memory = larger;
    }
    let end = from;
    for (const chunk of chunks) {
      this.#memory.set(chunk, end);
      end += chunk.length;
    }
  }
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
