import { linkSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { fileOf, networkOf, type Saved, savedTensors } from "./cli/saved-weights.ts";

/** Files that are laid out for the example of a page. */
type Lay = (at: (name: string) => string, program: string) => void;

/** By code, the wrong weights of the program of its page: `net.safetensors`, or what stands in its place. */
export const weightsLaid: Readonly<Record<string, Lay>> = {
  "weights-pickle": file((right) => Buffer.concat([Buffer.from("PK\u0003\u0004"), right]), "net.pth"),
  "weights-not-safetensors": file(() => Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:…\n")),
  "safetensors-truncated": (at, program) => {
    file((right) => right)(at, program);
    truncateSync(at("net.safetensors"), 2000);
  },
  "safetensors-json": header((text) => text.replace('"shape":[12,16]', '"shape":[12,16.0]')),
  "safetensors-duplicate": header((text) => text.replace("norm.weight", "norm.bias")),
  "safetensors-entry": header((text) => text.replace('"shape":[12]', '"sizes":[12]')),
  "safetensors-dtype": header((text) => text.replace('"F32","shape":[12]', '"FLOAT","shape":[12]')),
  "safetensors-shape": header((text) => text.replace('"shape":[12,16]', '"shape":[4294967296,4294967296]')),
  "safetensors-offsets": header((text) => text.replace('"shape":[12,16]', '"shape":[10,16]')),
  "safetensors-limit": file((right) => {
    const large = Uint8Array.from(right);
    new DataView(large.buffer).setBigUint64(0, 2n ** 40n, true);
    return large;
  }),
  "weights-index": index(() => ({ "stem.weight": "1.safetensors" })),
  "weights-shard": index((map) => ({ weight_map: { ...map, "head.weight": "1.safetensors" } })),
  "weights-shard-outside": index(
    (map) => ({ weight_map: map }),
    (at) => linkSync(at("1.safetensors"), at("copy")),
  ),
  "weights-map": rules("fc.{role} -> classifier.{rolle}\n"),
  "weights-map-clash": rules("{layer}.weight -> stem.weight\n"),
  "weights-missing": tensors((one) => ({ ...one, name: one.name.replace("classifier", "fc") })),
  "weights-unexpected": (at, program) => {
    const [first] = savedTensors(networkOf(program)) as [Saved];
    writeFileSync(
      at("net.safetensors"),
      fileOf([...savedTensors(networkOf(program)), { ...first, name: "ema.stem.weight" }]),
    );
  },
  "weights-shape": tensors((one) => (one.name === "stem.weight" ? { ...one, shape: [3, 3, 3, 16] } : one)),
  "weights-dtype": tensors((one) =>
    one.name === "norm.bias" ? { ...one, dtype: "I32", data: new Uint8Array(64) } : one,
  ),
  "weights-overflow": tensors((one) =>
    one.name === "norm.bias"
      ? { ...one, dtype: "F64", data: new Uint8Array(Float64Array.from({ length: 16 }, () => 1e39).buffer) }
      : one,
  ),
  "weights-range": tensors((one) =>
    one.name === "pick.index"
      ? { ...one, data: new Uint8Array(BigInt64Array.from({ length: 8 }, (_, i) => BigInt(i + 10)).buffer) }
      : one,
  ),
  "weights-variance": tensors((one) =>
    one.name === "norm.running_var"
      ? { ...one, data: new Uint8Array(Float32Array.from({ length: 16 }, (_, i) => (i < 3 ? -1 : 1)).buffer) }
      : one,
  ),
  "weights-not-finite": tensors((one) =>
    one.name === "norm.running_var"
      ? { ...one, data: new Uint8Array(Float32Array.from({ length: 16 }, (_, i) => (i < 3 ? Number.NaN : 1)).buffer) }
      : one,
  ),
};

function file(change: (right: Uint8Array) => Uint8Array, name = "net.safetensors"): Lay {
  return (at, program) => writeFileSync(at(name), change(fileOf(savedTensors(networkOf(program)))));
}

function tensors(change: (one: Saved) => Saved): Lay {
  return (at, program) => writeFileSync(at("net.safetensors"), fileOf(savedTensors(networkOf(program), change)));
}

/** With another text as the header, and its length. */
function header(change: (text: string) => string): Lay {
  return file((right) => {
    const length = Number(new DataView(right.buffer, right.byteOffset).getBigUint64(0, true));
    const text = Buffer.from(right.subarray(8, 8 + length)).toString();
    const changed = Buffer.from(change(text));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(changed.length));
    return Buffer.concat([size, changed, right.subarray(8 + length)]);
  });
}

/** All tensors in `1.safetensors`, which the index names. */
function index(content: (map: Readonly<Record<string, string>>) => object, then: Lay = () => {}): Lay {
  return (at, program) => {
    const saved = savedTensors(networkOf(program));
    writeFileSync(at("1.safetensors"), fileOf(saved));
    const map = Object.fromEntries(saved.map(({ name }) => [name, "1.safetensors"]));
    writeFileSync(at("net.safetensors.index.json"), JSON.stringify(content(map)));
    then(at, program);
  };
}

function rules(text: string): Lay {
  return (at, program) => {
    file((right) => right)(at, program);
    mkdirSync(at("."), { recursive: true });
    writeFileSync(at("net.rules"), text);
  };
}
