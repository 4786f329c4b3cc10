import { expect, it } from "vitest";
import { readHeader } from "../../../src/weights/safetensors/header.ts";
import { encodeHeader, inFileOrder, type NewTensor } from "../../../src/weights/safetensors/write.ts";
import { readable } from "./files.ts";

const tensors: readonly NewTensor[] = [
  { name: "z.weight", dtype: "F32", shape: [3] },
  { name: "a.weight", dtype: "F16", shape: [5] },
  { name: "\u{1f600}", dtype: "F32", shape: [1] },
  { name: "\uffee", dtype: "F32", shape: [] },
  { name: "a.count", dtype: "I64", shape: [] },
  { name: "z", dtype: "F32", shape: [0, 2] },
];

/** What the reference implementation writes of such tensors: by alignment, then by the bytes of the names. */
it("puts larger values first, and those of one type by name", () => {
  const names = inFileOrder(tensors).map(({ name }) => name);
  expect(names).toEqual(["a.count", "z", "z.weight", "\uffee", "\u{1f600}", "a.weight"]);
});

it("ends the header at a multiple of eight", () => {
  const written = (of: readonly NewTensor[], metadata: Readonly<Record<string, string>>) =>
    Buffer.from(encodeHeader(of, metadata)).toString("latin1");
  expect(written([], { framework: "pt" })).toBe('(\0\0\0\0\0\0\0{"__metadata__":{"framework":"pt"}}     ');
  expect(written(tensors.slice(1, 2), {})).toBe(
    `P\0\0\0\0\0\0\0{"__metadata__":{},"a.weight":{"dtype":"F16","shape":[5],"data_offsets":[0,10]}}`,
  );
});

it("writes what is read back the same, without a gap and with every value at a multiple of its size", () => {
  const ordered = inFileOrder(tensors);
  const header = encodeHeader(ordered, { format: "pt", 'a "b"\n': "層" });
  const read = [
    ...readHeader(readable(new Uint8Array(header.length + 8 + 12 + 4 + 4 + 10).map((_, i) => header[i] ?? 0))).values(),
  ];
  const plain = ({ name, dtype, shape }: NewTensor) => ({ name, dtype, shape });
  expect(read.map(plain).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
    tensors.map(plain).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
  for (const { bytes, shape, offset } of read) {
    const values = shape.reduce((product, size) => product * size, 1);
    if (values > 0) expect(offset % (bytes / values)).toBe(0);
  }
});
