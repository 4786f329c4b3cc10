import { describe, expect, it } from "vitest";
import { readHeader } from "../../../src/weights/safetensors/header.ts";
import { faultOf, fileWith, readable } from "./files.ts";

const two = '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';

/** With eight bytes of values. */
const header = (text: string | Uint8Array, data = 8) => fileWith(text, new Uint8Array(data));

it("what is changed or cut off anywhere is read or refused", () => {
  const right = header(`{"__metadata__":{"k":"v"},${two}}`);
  const bytes = right.length - 8;
  for (let at = 0; at < bytes; at++) {
    expect(faultOf(right.subarray(0, at))).toMatch(/^[a-z-]+: /);
    for (const value of [0, 0x22, 0x30, 0x5c, 0x7b, 0x7d, 0xff]) {
      const changed = right.slice();
      changed[at] = value;
      expect(faultOf(changed)).toMatch(/^(?:[a-z-]+: |is read$)/);
    }
  }
});

describe("a safetensors file", () => {
  it("is read by its header alone", () => {
    const file = header(
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  ',
    );
    const reads: (readonly [number, number])[] = [];
    const start = file.length - 8;
    expect([...readHeader(readable(file, reads)).values()]).toEqual([
      { name: "s", dtype: "F32", shape: [], file: "w.safetensors", offset: start, bytes: 4 },
      { name: "b", dtype: "F16", shape: [2, 1], file: "w.safetensors", offset: start + 4, bytes: 4 },
    ]);
    expect(reads).toEqual([
      [0, 9],
      [8, start - 8],
    ]);
  });

  it.each([
    ["no tensors", header("{}", 0)],
    [
      "tensors without values",
      header(
        `{"z":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},${two},"y":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}`,
      ),
    ],
    ["names of any characters", header(`{${two.replace('"a"', '"層.\\"{}[]:,\\\\"')}}`)],
    ["names as objects inherit them", header(`{${two.replace('"a"', '"__proto__"')}}`)],
    ["numbers as text", header(`{"__metadata__":{"n":"-1.5e3","m":"{\\"a\\":1,\\"a\\":2}"},${two}}`)],
  ])("may have %s", (_, file) => {
    expect(faultOf(file)).toBe("is read");
  });

  it("may have a header of many megabytes", () => {
    const metadata = `"k":"${'x\\\\\\"'.repeat(1_000_000)}"`;
    expect(faultOf(header(`{"__metadata__":{${metadata}},${two}}`))).toBe("is read");
  });
});
