import { addressIn, batch, kernelOf, stagedAt } from "./kernel-memory.ts";
import { normalKernel } from "./normal-kernel.ts";

/**
 * Normally distributed numbers by a counter: value i of a tensor is a function of the seed, of the tensor's name and
 * of i alone, so a change to one layer leaves every other tensor as it was, and any part can be made by itself.
 *
 * Philox 4×32-10 (Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011) has the seed
 * as its key and (block, 0, name) as its counter, where name is the 64-bit hash of the name and block is ⌊i/4⌋. Each
 * 32-bit word makes one value: the sign, and 31 bits that go through the inverse of the distribution (`normalTable`).
 *
 * @param values filled with float32 from N(0, deviation²).
 * @param seed a whole number, taken modulo 2^64.
 * @param from the place of the first of the values in the tensor, which has at most 2^34.
 */
export function fillNormal(values: Float32Array, seed: bigint, name: string, deviation: number, from = 0): void {
  const kernel = kernelHere();
  const [nameLow, nameHigh] = hashName(name);
  const [seedLow, seedHigh] = [Number(BigInt.asUintN(32, seed)), Number(BigInt.asUintN(32, seed >> 32n))];
  const staged = new Float32Array(kernel.memory.buffer, stagedAt, batch);
  const address = addressIn(kernel.memory, values);
  // Blocks are made whole; of the first, what comes before `from` is left out.
  const before = from % 4;
  let count: number;
  for (let start = -before; start < values.length; start += count) {
    count = Math.min(batch, values.length - start);
    const isInPlace = address !== null && start >= 0 && count >= atOnce;
    if (isInPlace) count -= count % atOnce;
    const at = isInPlace ? address + 4 * start : stagedAt;
    kernel.words(at, Math.ceil(count / atOnce), seedLow, seedHigh, (from + start) / 4, 0, nameLow, nameHigh);
    kernel.normals(at, Math.ceil(count / 4), deviation);
    const skipped = start < 0 ? before : 0;
    if (!isInPlace) values.set(staged.subarray(skipped, count), start + skipped);
  }
}

/** Words that are made at once: eight blocks. */
const atOnce = 32;

/** FNV-1a of 64 bits over the UTF-8 bytes of the name: the lower and the upper half. */
export function hashName(name: string): readonly [low: number, high: number] {
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (const byte of new TextEncoder().encode(name)) {
    low = (low ^ byte) >>> 0;
    // Times the FNV prime 2^40 + 435, in halves.
    const product = low * 435;
    high = (Math.imul(high, 435) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return [low, high];
}

const kernelHere = kernelOf(normalKernel);
