import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { FloatAttribute } from "../../src/emit/graph.ts";
import { bytes, encodeGraphHead, encodeGraphTail, encodeTensorHead, int64 } from "../../src/emit/protobuf.ts";
import { fieldHead, lengthOf } from "../../src/emit/splice.ts";

const { onnx } = onnxProto;

describe("the adapter of onnx-proto", () => {
  it("stands between us and a bigint that would be written as 0", () => {
    const written = onnx.AttributeProto.encode({ i: 5n as unknown as number }).finish();
    expect(Number(onnx.AttributeProto.decode(written).i)).toBe(0);
    expect(() => int64(5n as unknown as number)).toThrow("bigint 5");
    expect(() => int64(2 ** 53)).toThrow("int64");
    expect(() => int64(0.5)).toThrow("int64");
  });

  it("stands between us and a string that would be read as base64", () => {
    const written = onnx.AttributeProto.encode({ s: "floor" as unknown as Uint8Array }).finish();
    expect(Buffer.from(onnx.AttributeProto.decode(written).s ?? []).toString()).not.toBe("floor");
    expect(bytes("floor")).toEqual(new Uint8Array(Buffer.from("floor")));
  });

  it("writes every type of attribute so that it is read back", () => {
    const attributes = { mode: "nearest", axis: -1, pads: [0, 2 ** 40, -3], epsilon: new FloatAttribute(0.25) };
    const node = { type: "Test", name: "node", inputs: ["a", "", "b"], output: "c", attributes };
    const [read] = onnx.GraphProto.decode(encodeGraphHead([node], "graph")).node ?? [];
    const list = read?.attribute ?? [];
    const values = Object.fromEntries(list.map((one) => [one.name, one]));
    const { AttributeType } = onnx.AttributeProto;
    expect(Buffer.from(values.mode?.s ?? []).toString()).toBe("nearest");
    expect(Number(values.axis?.i)).toBe(-1);
    expect(values.pads?.ints?.map(Number)).toEqual([0, 2 ** 40, -3]);
    expect(values.epsilon?.f).toBe(0.25);
    const types = [AttributeType.STRING, AttributeType.INT, AttributeType.INTS, AttributeType.FLOAT];
    expect(list.map((one) => one.type)).toEqual(types);
    expect([read?.input, read?.output, read?.opType]).toEqual([["a", "", "b"], ["c"], "Test"]);
  });

  it("writes the shape of a scalar as known", () => {
    const scalar = { name: "x", type: "int64", shape: [] } as const;
    const read = onnx.GraphProto.decode(encodeGraphTail("", scalar, [], []));
    expect(read.input?.[0]?.type?.tensorType?.shape?.dim).toEqual([]);
    expect(Object.hasOwn(read, "docString")).toBe(false);
  });
});

describe("splicing", () => {
  it.each([0, 1, 127, 128, 300, 2 ** 21, 2 ** 31 - 1])("writes the length %i as protobuf reads it", (length) => {
    const head = fieldHead(9, length);
    const reader = new Reader(head);
    expect([reader.varint(), reader.varint()]).toEqual([9 * 8 + 2, length]);
  });

  it("makes the tensor that onnx-proto would make", () => {
    const values = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const whole = onnx.TensorProto.encode({ dims: [2, 2], dataType: 1, name: "w", rawData: values }).finish();
    const pieces = [encodeTensorHead("w", "float32", [2, 2], null), fieldHead(9, values.length), values];
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(whole));
    expect(lengthOf(pieces)).toBe(whole.length);
  });
});

/** The least of a protobuf reader. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  varint(): number {
    let [value, unit, byte] = [0, 1, 128];
    while (byte >= 128) {
      byte = this.#bytes[this.#at++] ?? 0;
      value += (byte % 128) * unit;
      unit *= 128;
    }
    return value;
  }
}
