import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import onnxProto from "onnx-proto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changed, tensor } from "../verification/changed.ts";
import { run } from "./run.ts";

const program = "network Net { input image[3, 8, 8] c: conv(3x3, 4) relu globalavgpool f: linear(2) }";
/** The values of the two tensors of this network that are moved out of the file. */
const sizes = { "c.weight": 4 * 3 * 3 * 3 * 4, "f.weight": 4 * 2 * 4 };

let folder = "";
let bytes: Uint8Array = new Uint8Array();
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "dnetc-model-")));
  mkdirSync(at("inner"));
  writeFileSync(at("net.dnet"), program);
  await run(["compile", at("net.dnet"), "-o", at("net.onnx"), "-q"]);
  bytes = readFileSync(at("net.onnx"));
  writeFileSync(at("outside.bin"), new Uint8Array(4096));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly location: string | null;
  readonly offset?: string;
  readonly length?: string;
}

/** The model with the values of a tensor beside it, as `said`; those of another lie as they should in `rest.bin`. */
function moved(said: Said, options: { readonly checked?: boolean } = {}): string {
  const file = at("inner/net.onnx");
  const model = changed(bytes, (graph) => {
    for (const [name, given] of [
      ["c.weight", said],
      ["f.weight", { location: "rest.bin", offset: "4096" }],
    ] as const) {
      const stored = tensor(graph, name);
      const values = stored.rawData ?? new Uint8Array();
      if (name === "f.weight") writeFileSync(at("inner/rest.bin"), Buffer.concat([new Uint8Array(4096), values]));
      else if (options.checked !== false) writeFileSync(at("inner/weight.bin"), values);
      stored.rawData = new Uint8Array();
      stored.dataLocation = onnxProto.onnx.TensorProto.DataLocation.EXTERNAL;
      stored.externalData = Object.entries(given).flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
    }
  });
  writeFileSync(file, model);
  return file;
}

const verify = (file: string) => run(["verify", file, "--against", at("net.dnet"), "--all"]);

describe("values beside the model", () => {
  it.each([
    ["in a file of their own", { location: "weight.bin" }],
    ["with their length", { location: "weight.bin", offset: "0", length: String(sizes["c.weight"]) }],
    ["by another way to the folder", { location: "./weight.bin" }],
  ])("%s are read, and run", async (_how, said) => {
    const { code, out, err } = await verify(moved(said));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("verified: Net");
  });

  it("are compared", async () => {
    const file = moved({ location: "weight.bin" });
    const values = new Float32Array(sizes["c.weight"] / 4).fill(0.5);
    writeFileSync(at("inner/weight.bin"), values);
    const { code, out } = await verify(file);
    expect(code).toBe(1);
    expect(out).toContain("holds other values than were written");
  });

  it("are found beside a model that a link leads to", async () => {
    symlinkSync(moved({ location: "weight.bin" }), at("link.onnx"));
    expect(await verify(at("link.onnx"))).toMatchObject({ code: 0, err: "" });
  });
});

describe("values that are not read", () => {
  beforeAll(() => {
    writeFileSync(at("inner/weight.bin"), new Uint8Array(sizes["c.weight"]));
    symlinkSync(at("outside.bin"), at("inner/leads-outside.bin"));
    symlinkSync(at("nowhere.bin"), at("inner/leads-nowhere.bin"));
    symlinkSync("circle.bin", at("inner/circle.bin"));
    linkSync(at("outside.bin"), at("inner/second-name.bin"));
    mkdirSync(at("inner/folder"));
    mkdirSync(at("inner-too"));
    writeFileSync(at("inner-too/weight.bin"), new Uint8Array(sizes["c.weight"]));
    symlinkSync("/dev/zero", at("inner/device.bin"));
  });

  const { "c.weight": length } = sizes;
  it.each([
    ["model-external", { location: null }],
    ["model-external", { location: "" }],
    ["model-external", { location: "weight\0.bin" }],
    ["model-external", { location: "weight.bin", offset: "-4" }],
    ["model-external", { location: "weight.bin", offset: "four" }],
    ["model-external", { location: "weight.bin", offset: "1e3" }],
    ["model-external", { location: "weight.bin", length: "9".repeat(30) }],
    ["model-external-length", { location: "weight.bin", length: String(length - 4) }],
    ["model-external-short", { location: "weight.bin", offset: "4" }],
    ["model-external-short", { location: "weight.bin", offset: "9".repeat(15) }],
    ["model-external-missing", { location: "none.bin" }],
    ["model-external-missing", { location: "leads-nowhere.bin" }],
    ["model-external-missing", { location: "circle.bin" }],
    ["model-external-missing", { location: "weight.bin/more" }],
    ["model-external-missing", { location: "x".repeat(5000) }],
    ["model-external-outside", { location: "../outside.bin" }],
    ["model-external-outside", { location: "../inner-too/weight.bin" }],
    ["model-external-outside", { location: "folder/../../outside.bin" }],
    ["model-external-outside", { location: "/dev/zero" }],
    ["model-external-outside", { location: "C:\\weights.bin" }],
    ["model-external-outside", { location: "." }],
    ["model-external-outside", { location: "leads-outside.bin" }],
    ["model-external-outside", { location: "device.bin" }],
    ["model-external-link", { location: "second-name.bin" }],
    ["model-external-not-file", { location: "folder" }],
  ])("%s: %j", async (code, said) => {
    const found = await verify(moved(said, { checked: false }));
    expect(found).toMatchObject({ code: 1, out: "" });
    expect(found.err).toMatch(new RegExp(`^error\\[${code}\\]: .*inner/net\\.onnx: `));
  });
});

describe("what is no file to read", () => {
  it.each([
    ["/dev/null", "it is no ordinary file"],
    ["inner", "it is a folder, not a file"],
    ["none.onnx", "there is no such file or folder"],
    ["net.dnet/none.onnx", "a part of the path is not a folder"],
  ])("%s", async (name, reason) => {
    const found = await verify(path.resolve(folder, name));
    expect(found).toMatchObject({ code: 3, out: "" });
    expect(found.err).toMatch(/^error: cannot read /);
    expect(found.err).toContain(reason);
  });

  it("a file beyond what protobuf can count", async () => {
    writeFileSync(at("huge.onnx"), "");
    truncateSync(at("huge.onnx"), 3 * 2 ** 30);
    const found = await verify(at("huge.onnx"));
    expect(found).toMatchObject({ code: 1, out: "" });
    expect(found.err).toContain("error[model-too-large]: ");
  });
});
