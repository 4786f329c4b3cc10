/**
 * WebAssembly as expressions: an instruction is a function that takes the code of its operands and returns its own. The
 * names are those of the text format, the numbers those of the WebAssembly core specification 2.0.
 */

/** Bytes, in as many arrays as they were put together from; what they do leaves its results on the stack. */
export type Code = readonly (number | Code)[];

/** A parameter or a local of a function. */
export interface Variable {
  readonly get: Code;
  set(value: Code): Code;
}

export const types = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  load16_u: (address: Code, offset = 0): Code => [address, 0x2f, 1, unsigned(offset)],
  lt_u: plain(0x49),
  add: plain(0x6a),
  sub: plain(0x6b),
  and: plain(0x71),
  shl: plain(0x74),
};

export const v128 = {
  load: (address: Code, offset = 0): Code => [address, simd(0), 4, unsigned(offset)],
  load32_zero: (address: Code, offset = 0): Code => [address, simd(92), 2, unsigned(offset)],
  load64_zero: (address: Code, offset = 0): Code => [address, simd(93), 3, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, simd(11), 4, unsigned(offset)],
  /** The first lane. */
  store32_lane: (address: Code, value: Code, offset = 0): Code => [address, value, simd(90), 2, unsigned(offset), 0],
  store64_lane: (address: Code, value: Code, offset = 0): Code => [address, value, simd(91), 3, unsigned(offset), 0],
  and: lanes(78),
  or: lanes(80),
  xor: lanes(81),
};

type FourLanes = readonly [number, number, number, number];

export const i32x4 = {
  const: (values: FourLanes): Code => [simd(12), [...new Uint8Array(Uint32Array.from(values).buffer)]],
  /** `i8x16.shuffle` of whole lanes: 0 … 3 are those of the first vector, 4 … 7 those of the second. */
  shuffle: (chosen: FourLanes, one: Code, two: Code): Code => [
    one,
    two,
    simd(13),
    chosen.map((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  ],
  splat: lanes(17),
  shr_u: lanes(173),
  add: lanes(174),
};

export const i64x2 = {
  const: (value: bigint): Code => [simd(12), [...new Uint8Array(BigUint64Array.of(value, value).buffer)]],
  extmul_low_i32x4_u: lanes(222),
  extmul_high_i32x4_u: lanes(223),
};

export const f32x4 = { demote_f64x2_zero: lanes(94) };

export const f64x2 = {
  splat: lanes(20),
  extract_lane: (lane: 0 | 1, vector: Code): Code => [vector, simd(33), lane],
  promote_low_f32x4: lanes(95),
  convert_low_i32x4_s: lanes(254),
  add: lanes(240),
  sub: lanes(241),
  mul: lanes(242),
  div: lanes(243),
};

/** The body again and again while the condition holds. */
export function whileHolds(condition: Code, body: Code): Code {
  const [ifThen, loop, branchIf, noResult, end] = [0x04, 0x03, 0x0d, 0x40, 0x0b];
  return [condition, ifThen, noResult, loop, noResult, body, condition, branchIf, 0, end, end];
}

function plain(operation: number) {
  return (...operands: readonly Code[]): Code => [operands, operation];
}

function lanes(operation: number) {
  const code = simd(operation);
  return (...operands: readonly Code[]): Code => [operands, code];
}

function simd(operation: number): Code {
  return [0xfd, unsigned(operation)];
}

/** LEB128 */
export function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, unsigned(value >>> 7)];
}

/** LEB128 of a number of 32 bits with a sign. */
function signed(value: number): Code {
  const rest = value >> 7;
  const low = value & 127;
  const ends = rest === (low < 64 ? 0 : -1);
  return ends ? [low] : [low | 128, signed(rest)];
}
