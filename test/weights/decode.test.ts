import { expect, it } from "vitest";
import { decode } from "../../src/weights/decode.ts";

const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer);
const { POSITIVE_INFINITY: infinity } = Number;

it("takes float32 and int64 as they are", () => {
  expect(decode(bytes(Float32Array.of(1.5, -0, infinity)), "F32")).toEqual(Float32Array.of(1.5, -0, infinity));
  expect(decode(bytes(BigInt64Array.of(-1n, 2n ** 62n)), "I64")).toEqual(BigInt64Array.of(-1n, 2n ** 62n));
});

it("widens what is shorter", () => {
  expect(decode(bytes(Uint16Array.of(0x3c00, 0xfbff, 0x0001)), "F16")).toEqual(Float32Array.of(1, -65504, 2 ** -24));
  expect(decode(bytes(Uint16Array.of(0x3f80, 0xff80, 0x0001)), "BF16")).toEqual(
    Float32Array.of(1, -infinity, 2 ** -133),
  );
});

it("rounds float64 to the nearest, from the middle to the even one", () => {
  const ulp = 2 ** -23;
  const values = [1 + ulp / 2, 1 + 1.5 * ulp, 1 + 0.6 * ulp, 0.1, 1e-50, 1e39];
  const expected = [1, 1 + 2 * ulp, 1 + ulp, Math.fround(0.1), 0, infinity];
  expect(decode(bytes(Float64Array.from(values)), "F64")).toEqual(Float32Array.from(expected));
});

it("reads values that begin anywhere in memory", () => {
  const memory = new Uint8Array(16);
  memory.set(bytes(Float32Array.of(3, 4)), 3);
  expect(decode(memory.subarray(3, 11), "F32")).toEqual(Float32Array.of(3, 4));
  expect(decode(Buffer.from(memory.buffer, 3, 8), "F32")).toEqual(Float32Array.of(3, 4));
});
