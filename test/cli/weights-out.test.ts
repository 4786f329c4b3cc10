import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { unhashed, writeModel } from "../../src/cli/model-writing/write-model.ts";
import { RangeCheck } from "../../src/emit/range.ts";
import { extractWeights } from "../../src/saving/model-tensors.ts";
import { readHeader } from "../../src/weights/safetensors/header.ts";
import { readable } from "../weights/safetensors/files.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const body = `  input image[3, 16, 16]
  stem: conv(3x3, 16, bias = true) norm: batchnorm relu
  body: { block: dense(3, 4, bottleneck = 4) down: transition(0.5) group: groupnorm(2) }
  pick: select(12) put: scatter(16) up: deconv(2x2, 8, stride = 2) flat: batchnorm(affine = false) relu6
  globalavgpool classifier: linear(10)`;

const { at, remove } = folderOf({
  "net.dnet": `network Net {\n${body}\n}\n`,
  "trained.dnet": `network Trained {\n${body}\n  training { aux: linear(3) }\n}\n`,
  "standard.dnet":
    "network Standard { input image[3, 8, 8] standardize(eps = 1e-8) { a: conv(3x3, 16) relu b: conv(1x1, 4) } globalavgpool }\n",
  "wide.dnet": "network Wide { input image[64, 4, 4] conv(3x3, 64) globalavgpool }\n",
  "text.onnx": "network Net {",
});
afterAll(remove);

const dnetc = async (...args: readonly string[]) => {
  const { code, out, err } = await run(args);
  return { code, out, err: err.replaceAll(`${at("")}/`, "").replaceAll(/ in \d+\.\d\d s/g, "") };
};
const written = (name: string) => [...readHeader(readable(readFileSync(at(name)))).values()];

/** Out, in and out again. */
async function around(network: string, ...compiling: readonly string[]): Promise<readonly [Buffer, Buffer, string]> {
  await dnetc("weights", at(network), "-o", at("a.safetensors"), "--seed", "5", "-q");
  await dnetc("compile", at(network), "-o", at("net.onnx"), "--weights", at("a.safetensors"), "-q", ...compiling);
  const { err } = await dnetc("weights", at("net.onnx"), "-o", at("b.safetensors"));
  return [readFileSync(at("a.safetensors")), readFileSync(at("b.safetensors")), err];
}

describe("notes that are denied", () => {
  test.each(["a.safetensors", "-"])("keep weights from being written to %s", async (output) => {
    await dnetc("compile", at("net.dnet"), "-o", at("folded.onnx"), "-q", "--fold");
    writeFileSync(at("a.safetensors"), "old");
    const place = output === "-" ? output : at(output);
    const { code, out, err } = await dnetc("weights", at("folded.onnx"), "-o", place, "-q", "--deny", "notes");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    const named = output === "-" ? "standard output" : output;
    expect(err).toMatch(
      new RegExp(`^note: the model .*\\nerror: nothing is written to ${named}: 1 note \\(denied\\)\\n$`),
    );
    expect(readFileSync(at("a.safetensors"), "utf8")).toBe("old");
  });
});

describe("weights of a network", () => {
  test("are those of a state_dict, with what compile would put into a model", async () => {
    const { code, err } = await dnetc("weights", at("net.dnet"), "-o", at("a.safetensors"));
    expect({ code, err }).toEqual({ code: 0, err: "wrote a.safetensors: 59 tensors, 25,432 bytes\n" });
    const tensors = written("a.safetensors");
    expect(tensors.slice(0, 2).map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      "body.block.denselayer1.norm1.num_batches_tracked I64",
      "body.block.denselayer1.norm2.num_batches_tracked I64",
    ]);
    await dnetc("compile", at("net.dnet"), "-o", at("initial.onnx"), "-q");
    await dnetc("compile", at("net.dnet"), "-o", at("loaded.onnx"), "-q", "--weights", at("a.safetensors"));
    const [initial, loaded] = [readFileSync(at("initial.onnx")), readFileSync(at("loaded.onnx"))];
    // They differ in what they record of the weights' origin, which comes last.
    expect(loaded.subarray(0, -400).equals(initial.subarray(0, loaded.length - 400))).toBe(true);
  });

  test("hold what only training needs", async () => {
    await dnetc("weights", at("trained.dnet"), "-o", at("a.safetensors"), "-q");
    expect(written("a.safetensors").map(({ name }) => name)).toContain("aux.weight");
  });

  test("go to standard output, too", async () => {
    const out: Uint8Array[] = [];
    await dnetc("weights", at("net.dnet"), "-o", at("a.safetensors"));
    const args = ["weights", at("net.dnet"), "-o", "-"];
    expect(await run(args, { out: async (data) => out.push(Buffer.from(data)) > 0 })).toMatchObject({
      code: 0,
      err: "",
    });
    expect(Buffer.concat(out).equals(readFileSync(at("a.safetensors")))).toBe(true);
  });
});

describe("out, in and out again", () => {
  test.each(["", "--external always", "--opset 21 --batch 2"])("is the same file: compile %s", async (options) => {
    const [first, second, err] = await around("net.dnet", ...options.split(" ").filter((one) => one !== ""));
    expect(second.equals(first)).toBe(true);
    expect(err).toBe("wrote b.safetensors: 59 tensors, 25,432 bytes\n");
  });

  test("tells how far it has come, from a model, too", async () => {
    await around("net.dnet");
    const saved = extractWeights(readFileSync(at("net.onnx")));
    const reached: number[] = [];
    const reach = (bytes: number) => reached.push(bytes);
    await writeModel(at("c"), saved, { sha256: () => unhashed, sha1: null, range: new RangeCheck(), reach });
    expect([reached.length, reached.at(-1)]).toEqual([saved.tensors, saved.tensorBytes]);
  });

  test("lacks what only training needs, and says so", async () => {
    const [, , err] = await around("trained.dnet");
    expect(err).toMatch(
      /^note: the model holds \d,\d{3} of \d,\d{3} parameters: layers of training, and batch normalisations that were folded, are not in it; folded weights fit no network that has these normalisations\n/,
    );
    expect(written("b.safetensors").map(({ name }) => name)).not.toContain("aux.weight");
  });

  test("is another file where the model is folded or standardised, and says so", async () => {
    const [first, folded, err] = await around("net.dnet", "--fold");
    expect(folded.equals(first)).toBe(false);
    expect(err).toMatch(/^note: the model holds/);
  });

  test.each(["f32", "f16", "bf16"])("of a model of %s says that its weights are standardised", async (dtype) => {
    const [, , standardised] = await around("standard.dnet", "--dtype", dtype);
    expect(standardised).toMatch(/^note: 2 weights of the model are standardised, and written so\n/);
    const [, , plain] = await around("net.dnet", "--dtype", dtype);
    expect(plain).not.toContain("standardised");
  });
});

describe("weights refuses", () => {
  test.each([
    [["net.dnet"], 2, "error: weights needs -o and the safetensors file to write\n"],
    [["net.dnet", "-o", ""], 2, "error: the output needs a name\n"],
    [["none.onnx", "-o", "w"], 3, "error: cannot read none.onnx: there is no such file or folder\n"],
    [
      ["text.onnx", "-o", "w"],
      1,
      "error[model-not-onnx]: text.onnx: it is no ONNX model: it seems to be a text, perhaps a program\n",
    ],
    [["net.onnx", "-o", "w", "--set", "k=3"], 2, "error: --set is for networks: net.onnx is a model already\n"],
    [
      ["net.onnx", "-o", "w", "--zero-init-residual"],
      2,
      "error: --zero-init-residual is for networks: net.onnx is a model already\n",
    ],
    [["net.onnx", "-o", "w", "--seed", "0"], 2, "error: --seed is for networks: net.onnx is a model already\n"],
    [["net.onnx", "-o", "net.onnx"], 2, "error: the output net.onnx is the input net.onnx\n"],
    [["net.dnet", "-o", "none/w"], 3, "error: cannot write none/w: the folder none does not exist\n"],
  ])("%j", async (args, code, message) => {
    await dnetc("compile", at("net.dnet"), "-o", at("net.onnx"), "-q");
    const paths = args.map((one) => (/\./.test(one) || one.includes("/") || one === "w" ? at(one) : one));
    const said = await dnetc("weights", ...paths);
    expect({ code: said.code, err: said.err.replaceAll(at(""), "") }).toMatchObject({
      code,
      err: expect.stringContaining(message),
    });
  });

  test("the file of values beside the model that it reads", async () => {
    const [first, second] = await around("wide.dnet", "--external", "always");
    expect(second.equals(first)).toBe(true);
    const [data = ""] = readdirSync(at("")).filter((name) => name.endsWith(".data"));
    const before = readFileSync(at(data));
    const { code, err } = await dnetc("weights", at("net.onnx"), "-o", at(data));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`the output ${data} is the input ${data}`) });
    expect(readFileSync(at(data)).equals(before)).toBe(true);
  });

  test("a terminal", async () => {
    const { code, err } = await run(["weights", at("net.dnet"), "-o", "-"], { outIsTerminal: true });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("weights are binary") });
  });

  test("a model without weights", async () => {
    writeFileSync(at("plain.dnet"), "network Plain { input image[3, 4, 4] relu }\n");
    await dnetc("compile", at("plain.dnet"), "-o", at("plain.onnx"), "-q");
    expect(await dnetc("weights", at("plain.onnx"), "-o", at("w"))).toMatchObject({
      code: 2,
      err: "error: plain.onnx holds no weights: its network has none\n",
    });
  });

  /** A model in which every name has been replaced by one of the same length. */
  const rename = (file: string, from: string, to: string) => {
    const renamed = readFileSync(at(file)).toString("latin1").replaceAll(from, to);
    writeFileSync(at("renamed.onnx"), renamed, "latin1");
    return dnetc("weights", at("renamed.onnx"), "-o", at("none.safetensors"));
  };

  test("a model in which another program has renamed a tensor", async () => {
    await dnetc("compile", at("net.dnet"), "-o", at("net.onnx"), "-q");
    expect(await rename("net.onnx", "classifier.bias", "onnx::Gemm_0099")).toMatchObject({
      code: 1,
      err: "error[model-foreign]: renamed.onnx: the bias of classifier is called onnx::Gemm_0099, a name that dnetc does not give: another program has renamed it\n",
    });
    expect((await rename("net.onnx", ".running_mean", ".running-mean")).err).toMatch(
      /the running_mean of norm is called norm\.running-mean.*, and 8 more\n/,
    );
    expect(existsSync(at("none.safetensors"))).toBe(false);
  });

  test("a model of another program, without any name that dnetc gives", async () => {
    await dnetc("compile", at("wide.dnet"), "-o", at("foreign.onnx"), "--external", "never", "-q");
    const text = readFileSync(at("foreign.onnx")).toString("latin1").replaceAll("dnetc.", "other.");
    writeFileSync(at("foreign.onnx"), text, "latin1");
    expect(await rename("foreign.onnx", ".weight", "_weight")).toMatchObject({
      code: 1,
      err: "error[model-foreign]: renamed.onnx: it holds no weights by names that dnetc gives: another program has written it\n",
    });
  });
});
