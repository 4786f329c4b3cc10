import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { readModelFile } from "../../src/cli/model-file.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";
import { networkWithWeights, type Saved } from "./saved-weights.ts";

const folder = folderOf({
  "small.dnet": `network Small {
    input image[3, 12, 12]
    stem: conv(3x3, 8) norm: batchnorm relu
    standardize { std: conv(3x3, 8) } group: groupnorm(2) relu6 -> a
    right: conv(1x1, 8, bias = true) add(a)
    output side
    globalavgpool linear(6) softmax output: linear(5)
  }\n`,
  "growing.dnet": `network Growing {
    input image[4, 6, 6]
    repeat 12 { conv(3x3, 16) relu scale(8) }
    linear(3)
  }\n`,
  "folded.dnet": `network Folded {
    input image[3, 8, 8]
    first: batchnorm
    plain: conv(3x3, 8) after: batchnorm relu
    both: conv(3x3, 8) -> a
    shared: batchnorm add(a)
    shown: conv(3x3, 8)
    output side
    late: batchnorm
    standardize { std: conv(1x1, 4) }
    linear(2)
  }\n`,
});
afterAll(() => folder.remove());

const model = folder.at("out.onnx");
const compile = (name: string, ...args: readonly string[]) => run(["compile", folder.at(name), "-o", model, ...args]);

describe("a model in half precision", () => {
  test.each([
    ["f16", [], "in float16, its input and outputs in float32"],
    ["f16", ["--keep-io", "none"], "in float16, its input and outputs too"],
    ["f16", ["--fold"], "in float16, its input and outputs in float32"],
    ["bf16", [], "weights stored in bfloat16, computed in float32"],
    ["bf16", ["--fold"], "weights stored in bfloat16, computed in float32"],
  ])("%s %j is written, and verified by what it is in", async (dtype, more, words) => {
    const written = await compile("small.dnet", "--dtype", dtype, ...more, "--verify");
    expect(written).toMatchObject({ code: 0, err: expect.stringContaining(`, ${words}\n`) });
    const verified = await run(["verify", model, "--against", folder.at("small.dnet"), "--all"]);
    expect(verified).toMatchObject({ code: 0, err: "", out: expect.stringContaining(`MACs, ${words}\n`) });
    const anew = await run(["verify", folder.at("small.dnet"), "--dtype", dtype, ...more, "--format", "json"]);
    const { ok, precision } = JSON.parse(anew.out);
    const flow = dtype === "f16" ? "float16" : "float32";
    const border = more.includes("none") ? "float16" : "float32";
    expect({ ok, precision }).toEqual({
      ok: true,
      precision: { weights: dtype === "f16" ? "float16" : "bfloat16", flow, border },
    });
  });

  test("another value than was written is found", async () => {
    await compile("small.dnet", "--dtype", "bf16");
    const values = readModelFile(model).model.graph.initializers.get("right.weight")?.bytes() ?? new Uint8Array();
    const bytes = readFileSync(model);
    const at = bytes.indexOf(values);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(model, bytes);
    const { code, out } = await run(["verify", model, "--against", folder.at("small.dnet")]);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("differs[model-values]: right.weight") });
  });

  test("runs with other weights where its own lead beyond float16", async () => {
    const { code, err } = await compile("growing.dnet", "--dtype", "f16", "--verify");
    const note =
      /note: its own weights lead beyond the range of float16, first at scale\d+; the graph .* other weights\n/;
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(note) });
    const given = await run(["verify", model, "--against", folder.at("growing.dnet")]);
    expect(given).toMatchObject({ code: 1, out: expect.stringContaining("not verified: Growing: its graph computes") });
    expect(await compile("growing.dnet", "--dtype", "bf16", "--verify", "-q")).toEqual({ code: 0, out: "", err: "" });
  });
});

describe("weights that float16 cannot hold", () => {
  const { at, remove, changed, compileWith } = networkWithWeights();
  afterAll(remove);
  const large = ({ data, ...saved }: Saved): Saved => {
    const values = new Float32Array(Uint8Array.from(data).buffer);
    values.set([65_520, 1e9].slice(0, values.length));
    return { ...saved, data: new Uint8Array(values.buffer) };
  };
  const file = changed((one) => (/stem.weight|running_var/.test(one.name) ? large(one) : one));

  test("are told tensor by tensor, and the old model stays", async () => {
    writeFileSync(at("net.onnx"), "old");
    const { code, out, err } = await compileWith(file, "--dtype", "f16");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /^error\[output-overflow\]: cannot write .*: float16 ends at 65,504, and values are beyond it in /,
    );
    expect(err).toMatch(/stem\.weight \(2 of [\d,]+\), .*running_var \(2 of \d+\)/);
    expect(err).toContain("help: `--dtype bf16` has the range of float32");
    expect(readFileSync(at("net.onnx"), "utf8")).toBe("old");
  });

  test("leave nothing in a stream", async () => {
    writeFileSync(at("large.safetensors"), file);
    const args = ["compile", at("net.dnet"), "-o", "-", "--weights", at("large.safetensors"), "--dtype", "f16"];
    const { code, out, err } = await run(args);
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: expect.stringContaining("[output-overflow]") });
  });

  test("fit into bfloat16", async () => {
    expect(await compileWith(file, "--dtype", "bf16")).toEqual({ code: 0, out: "", err: "" });
  });
});

describe("weights that become 0 in float16", () => {
  const { at, remove, changed, compile, compileWith } = networkWithWeights();
  afterAll(remove);
  const faint = (saved: Saved): Saved => ({
    ...saved,
    data: new Uint8Array(new Float32Array(saved.data.length / 4).fill(1e-9).buffer),
  });
  const file = changed((one) => (one.name === "norm.running_var" ? faint(one) : one));
  const warning = `warning[output-underflow]: values too small for float16 become 0 in norm.running_var (16 of 16)
  = help: \`--dtype bf16\` has the range of float32\n`;
  const denied = (place: string) => `${warning}error: nothing is written to ${place}: 1 warning (denied)\n`;

  test("are a warning that --quiet shows, and JSON", async () => {
    expect(await compileWith(file, "--dtype", "f16")).toEqual({ code: 0, out: "", err: warning });
    const { code, out } = await compileWith(file, "--dtype", "f16", "--format", "json");
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, ok: true, warnings: [{ code: "output-underflow" }] });
    expect(await compileWith(file, "--dtype", "bf16")).toEqual({ code: 0, out: "", err: "" });
  });

  test.each(["never", "always"])("are denied before a file has its name, with --external %s", async (external) => {
    writeFileSync(at("net.onnx"), "old");
    const before = readdirSync(at("")).sort();
    const given = await compileWith(file, "--dtype", "f16", "--deny", "warnings", "--external", external);
    expect(given).toMatchObject({ code: 1, out: "", err: expect.stringContaining(denied("net.onnx")) });
    expect(readFileSync(at("net.onnx"), "utf8")).toBe("old");
    expect(readdirSync(at("")).sort()).toEqual(before);
  });

  test("are denied before anything goes into a stream", async () => {
    const args = ["-q", "--weights", at("other.safetensors"), "--dtype", "f16", "--deny", "notes", "-o", "-"];
    expect(await run(["compile", at("net.dnet"), ...args])).toEqual({
      code: 1,
      out: "",
      err: denied("standard output"),
    });
  });

  test("notes are denied before anything is made, and told with --quiet", async () => {
    const lacking = changed((one) => (one.name.startsWith("classifier") ? null : one));
    writeFileSync(at("net.onnx"), "old");
    expect(await compileWith(lacking, "--allow-missing", "classifier.*", "--deny", "notes")).toEqual({
      code: 1,
      out: "",
      err: `note: 2 tensors that other.safetensors lacks begin as --init he says
error: nothing is written to net.onnx: 1 note (denied)\n`,
    });
    expect(readFileSync(at("net.onnx"), "utf8")).toBe("old");
    expect((await compile("--zero-init-residual", "--deny", "warnings")).code).toBe(0);
  });
});

describe("what is folded", () => {
  test("is counted, and what stays is told with its reason", async () => {
    const { code, err } = await compile("folded.dnet", "--fold", "--verify");
    expect(code).toBe(0);
    expect(err.split("\n").slice(1, 6)).toEqual([
      "standardised the weights of 1 convolution",
      "folded 1 of 4 batch normalisations; 3 stay",
      "  what they read is not a convolution: first",
      "  other layers read the convolution, too: shared",
      "  the convolution is an output: late",
    ]);
  });

  test("is told in the columns of the window", async () => {
    const args = ["compile", folder.at("folded.dnet"), "-o", model, "--fold"];
    const { err } = await run(args, { columns: 40 });
    expect(err).toContain("\n  what they read is not a convolution:\n    first\n");
  });

  test("is nothing where there is nothing to fold", async () => {
    const { err } = await compile("growing.dnet", "--fold");
    expect(err).toContain("there is no batch normalisation to fold\n");
    expect(existsSync(model)).toBe(true);
  });
});
