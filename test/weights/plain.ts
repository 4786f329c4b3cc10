/** Philox 4×32-10 and the sampler written plainly, with exact integers: what the WebAssembly kernel must agree with. */

const mask = 0xffff_ffffn;

export function philox(
  key: readonly [number, number],
  counter: readonly [number, number, number, number],
): readonly number[] {
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const [p, q] = [a * 0xd2511f53n, c * 0xcd9e8d57n];
    [a, b, c, d] = [(q >> 32n) ^ b ^ k0, q & mask, (p >> 32n) ^ d ^ k1, p & mask];
    [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
  }
  return [a, b, c, d].map(Number);
}

/** The quantile of the upper half that 31 bits stand for, by the table. */
export function quantile(m: number, table: Float64Array): number {
  const zeros = Math.clz32(m);
  const normal = zeros === 32 ? 0 : (m << zeros) >>> 0;
  const at = ((zeros - 1) * 16 + ((normal >>> 27) & 15)) * 4;
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = table.subarray(at, at + 4);
  const t = normal & 0x7ff_ffff;
  return ((c3 * t + c2) * t + c1) * t + c0;
}

export function normal(word: number, table: Float64Array): number {
  const value = quantile(word & 0x7fff_ffff, table);
  return word >>> 31 ? -value : value;
}
