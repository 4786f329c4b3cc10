/** What the WebAssembly kernels make, written plainly: Philox 4×32-10 with exact integers, the sampler, weight standardisation. */

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

/** What `standardise` makes of one filter, in the same order of the same operations. */
export function plainlyStandardised(filter: Float32Array, eps: number): Float32Array {
  const mean = sumInOrder(Float64Array.from(filter)) / filter.length;
  const squares = Float64Array.from(filter, (value) => (value - mean) * (value - mean));
  const deviation = Math.sqrt(sumInOrder(squares) / filter.length + eps);
  return filter.map((value) => (value - mean) / deviation);
}

function sumInOrder(values: Float64Array): number {
  let total = 0;
  for (let start = 0; start < values.length; start += 32_768)
    total += sumInEights(values.subarray(start, start + 32_768));
  return total;
}

/** The sum of at most 32,768 values. */
export function sumInEights(values: Float64Array): number {
  const eights = values.length - (values.length % 8);
  const [s0, s1, s2, s3, s4, s5, s6, s7] = Array.from({ length: 8 }, (_, first) => {
    let sum = 0;
    for (let i = first; i < eights; i += 8) sum += values[i] as number;
    return sum;
  }) as [number, number, number, number, number, number, number, number];
  const inEights = s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
  return values.subarray(eights).reduce((sum, value) => sum + value, inEights);
}
