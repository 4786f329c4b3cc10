import { describe, expect, it } from "vitest";
import { faultOf, fileWith } from "./files.ts";

const two = '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';

/** With eight bytes of values. */
const header = (text: string | Uint8Array, data = 8) => fileWith(text, new Uint8Array(data));
const a = (entry: string) => header(`{"a":${entry}}`);
const bytes = (...values: readonly number[]) => Uint8Array.from([...values, ...new Array(20).fill(0)]);
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function length(value: bigint, text: string): Uint8Array {
  const file = header(text);
  new DataView(file.buffer).setBigUint64(0, value, true);
  return file;
}

describe("a safetensors file that is none, or a malformed one", () => {
  const malformed: readonly (readonly [why: string, file: Uint8Array, fault: string])[] = [
    ["empty", new Uint8Array(), "safetensors-truncated: it has 0 bytes"],
    ["shorter than a length", Uint8Array.of(8, 0, 0), "safetensors-truncated: it has 3 bytes"],
    ["a length alone", fileWith(""), "safetensors-truncated: it has 8 bytes"],
    ["zeros", new Uint8Array(64), "weights-not-safetensors: it has no header"],
    [
      "a length of 0",
      length(0n, `{${two}}`),
      "safetensors-json: its header has a length of 0, and the shortest has 2 bytes",
    ],
    [
      "values beyond the end of a file that has room for all",
      header(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4000,4004]}}',
      ),
      "safetensors-offsets: b lies up to byte 4,125, and the file has 129 bytes",
    ],
    ["a zip archive", bytes(0x50, 0x4b, 3, 4), "weights-pickle: it is a zip archive"],
    ["a pickle", bytes(0x80, 2), "weights-pickle: it is a pickle"],
    ["an HDF5 file", latin1("\x89HDF\r\n\x1a\n____________"), "weights-not-safetensors: it has no header in JSON"],
    ["an older pickle", bytes(0x80, 5), "weights-pickle: it is a pickle"],
    ["a text", latin1("network Net {"), "weights-not-safetensors: it has no header in JSON"],
    ["an ONNX model", bytes(8, 8, 18, 5, 100, 110, 101, 116, 99), "weights-not-safetensors: it has no header in JSON"],
    ["a header that is a list", header("[1, 2]  "), "weights-not-safetensors: it has no header in JSON"],
    ["spaces before the header", header(` {${two}}`), "weights-not-safetensors: it has no header in JSON"],
    [
      "a length beyond the limit",
      length(100_000_001n, `{${two}}`),
      "safetensors-limit: its header would have 100,000,001 bytes; a header has at most 100,000,000",
    ],
    [
      "more tensors than any network has",
      header(`{${Array.from({ length: 250_001 }, (_, i) => two.replace('"a"', `"${i}"`)).join(",")}}`),
      "safetensors-limit: it has more than 250,000 tensors",
    ],
    [
      "a length of 2^64 − 1",
      length(2n ** 64n - 1n, `{${two}}`),
      "safetensors-limit: its header would have 18,446,744,073,709,551,615",
    ],
    [
      "a length beyond the file",
      length(1000n, `{${two}}`),
      "safetensors-truncated: it has 70 bytes, and its header ends at 1,008",
    ],
    ["a length that cuts the header", length(20n, `{${two}}`), "safetensors-json: its header is no JSON"],
    ["what is no JSON", header(`{${two},}`), "safetensors-json: its header is no JSON"],
    ["two values", header(`{${two}}{}`), "safetensors-json: its header is followed by something else"],
    [
      "what is no UTF-8",
      header(latin1(`{"\xff":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`)),
      "safetensors-json: its header is no JSON in UTF-8",
    ],
    ["padding with line breaks", header(`{${two}}\n\n`), "safetensors-json: its header is followed by something else"],
    ["a tensor twice", header(`{${two},${two}}`), 'safetensors-duplicate: its header has the key "a" twice'],
    [
      "a tensor twice, once with an escape",
      header(`{${two},${two.replace('"a"', '"\\u0061"')}}`),
      'safetensors-duplicate: its header has the key "a" twice',
    ],
    [
      "metadata twice",
      header(`{"__metadata__":{},${two},"__metadata__":{}}`),
      'safetensors-duplicate: its header has the key "__metadata__" twice',
    ],
    [
      "a key of metadata twice",
      header(`{"__metadata__":{"k":"1","k":"2"},${two}}`),
      'safetensors-duplicate: its header has the key "k" twice',
    ],
    [
      "a field twice",
      a('{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}'),
      'safetensors-duplicate: its header has the key "dtype" twice',
    ],
    [
      "metadata that are a list",
      header(`{"__metadata__":[],${two}}`),
      "safetensors-entry: its __metadata__ is no object",
    ],
    [
      "metadata that are null",
      header(`{"__metadata__":null,${two}}`),
      "safetensors-entry: its __metadata__ is no object",
    ],
    [
      "metadata with a number",
      header(`{"__metadata__":{"step":3},${two}}`),
      'safetensors-entry: "step" of its __metadata__ is no text',
    ],
    ["a tensor without a name", header(`{${two.replace('"a"', '""')}}`), 'safetensors-entry: a tensor has the name ""'],
    [
      "half a surrogate pair",
      header(`{${two.replace('"a"', '"\\ud800"')}}`),
      'safetensors-entry: a tensor has the name "\\ud800"',
    ],
    [
      "a name without an end",
      header(`{${two.replace('"a"', `"${"a".repeat(5000)}"`)}}`),
      "safetensors-limit: the name of a tensor has 5000 characters",
    ],
    ["a tensor that is a number", a("3"), "safetensors-entry: what a stands for is no object"],
    ["no dtype", a('{"shape":[2],"data_offsets":[0,8]}'), "safetensors-entry: a has no dtype"],
    ["no shape", a('{"dtype":"F32","data_offsets":[0,8]}'), "safetensors-entry: a has no shape"],
    ["no offsets", a('{"dtype":"F32","shape":[2]}'), "safetensors-entry: a has no data_offsets"],
    [
      "a further field",
      a('{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}'),
      'safetensors-entry: a has a field "stride"',
    ],
    [
      "a field named as what objects inherit",
      a('{"dtype":"F32","shape":[2],"data_offsets":[0,8],"__proto__":{}}'),
      'safetensors-entry: a has a field "__proto__"',
    ],
    [
      "a dtype that is a number",
      a('{"dtype":32,"shape":[2],"data_offsets":[0,8]}'),
      "safetensors-entry: the dtype of a is no text",
    ],
    [
      "an unknown dtype",
      a('{"dtype":"F128","shape":[2],"data_offsets":[0,8]}'),
      'safetensors-dtype: a has the dtype "F128"',
    ],
    [
      "a dtype in small letters",
      a('{"dtype":"f32","shape":[2],"data_offsets":[0,8]}'),
      'safetensors-dtype: a has the dtype "f32"',
    ],
    [
      "a dtype named as what objects inherit",
      a('{"dtype":"constructor","shape":[2],"data_offsets":[0,8]}'),
      'safetensors-dtype: a has the dtype "constructor"',
    ],
    [
      "a shape that is a number",
      a('{"dtype":"F32","shape":2,"data_offsets":[0,8]}'),
      "safetensors-entry: the shape of a is no list",
    ],
    [
      "a negative size",
      a('{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}'),
      "safetensors-json: its header has the number -2",
    ],
    [
      "a size with a fraction",
      a('{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}'),
      "safetensors-json: its header has the number 2.0",
    ],
    [
      "a size with an exponent",
      a('{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}'),
      "safetensors-json: its header has the number 2e0",
    ],
    [
      "a size that is text",
      a('{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}'),
      'safetensors-shape: a size of a is "2"',
    ],
    [
      "a size beyond 2^53",
      a('{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]}'),
      "safetensors-shape: a size of a is 9007199254740992",
    ],
    [
      "a product beyond 2^53",
      a('{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}'),
      "safetensors-shape: a of shape [4294967296, 4294967296] has more values",
    ],
    [
      "such a product, times zero",
      a('{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}'),
      "safetensors-shape: a of shape [4294967296, 4294967296, 0] has more values",
    ],
    [
      "bits that are no bytes",
      a('{"dtype":"F4","shape":[3],"data_offsets":[0,1]}'),
      "safetensors-shape: the 12 bits of a",
    ],
    [
      "very many dimensions",
      a(`{"dtype":"F32","shape":[${new Array(65).fill(1)}],"data_offsets":[0,4]}`),
      "safetensors-limit: a has 65 dimensions",
    ],
    [
      "offsets that are one number",
      a('{"dtype":"F32","shape":[2],"data_offsets":8}'),
      "safetensors-entry: the data_offsets of a are no list of two",
    ],
    [
      "three offsets",
      a('{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}'),
      "safetensors-entry: the data_offsets of a are no list of two",
    ],
    [
      "offsets that are text",
      a('{"dtype":"F32","shape":[2],"data_offsets":["0","8"]}'),
      "safetensors-offsets: the data_offsets of a are",
    ],
    [
      "offsets the wrong way round",
      a('{"dtype":"F32","shape":[2],"data_offsets":[8,0]}'),
      "safetensors-offsets: a begins at 8 and ends before, at 0",
    ],
    [
      "fewer bytes than the shape needs",
      a('{"dtype":"F32","shape":[3],"data_offsets":[0,8]}'),
      "safetensors-offsets: a has 8 bytes, from 0 to 8, and values of F32 of shape [3] need 12 bytes",
    ],
    [
      "more bytes than the shape needs",
      a('{"dtype":"F16","shape":[2],"data_offsets":[0,8]}'),
      "safetensors-offsets: a has 8 bytes",
    ],
    [
      "tensors that overlap",
      header(`{${two},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}`, 12),
      "safetensors-offsets: a and b share 4 bytes",
    ],
    [
      "a tensor within another",
      header(`{${two},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}`),
      "safetensors-offsets: a and b share 1 byte",
    ],
    [
      "an empty tensor within another",
      header(`{${two},"b":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`),
      "safetensors-offsets: b, which has none, begins among the bytes of a",
    ],
    [
      "two tensors in one place",
      header(`{${two},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`),
      "safetensors-offsets: a and b share 8 bytes",
    ],
    [
      "a hole between tensors",
      header(`{${two},"b":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}`, 10),
      "safetensors-offsets: 1 byte before b belongs to no tensor",
    ],
    [
      "a hole before all tensors",
      header('{"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}', 9),
      "safetensors-offsets: 1 byte before a belong",
    ],
    ["bytes after all tensors", header(`{${two}}`, 10), "safetensors-offsets: 2 bytes at its end belong to no tensor"],
    ["bytes without a tensor", header("{}", 1), "safetensors-offsets: 1 byte at its end"],
    ["a file that was cut off", header(`{${two}}`, 7), "safetensors-truncated: it has 69 bytes, and a ends at 70"],
    [
      "lists within lists",
      a(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
      "safetensors-json: its header is no JSON",
    ],
  ];
  it.each(malformed)("%s", (_, file, fault) => {
    expect(faultOf(file)).toContain(fault);
  });

  it("has classes that are all different", () => {
    expect(new Set(malformed.map(([why]) => why)).size).toBeGreaterThanOrEqual(30);
  });
});
