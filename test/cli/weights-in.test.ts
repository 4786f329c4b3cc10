import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { readModelFile } from "../../src/cli/model-file.ts";
import { publishedNames } from "../../src/weights/loading/published-names.ts";
import { run } from "./run.ts";
import { fileOf, networkWithWeights, type Saved } from "./saved-weights.ts";

const { at, remove, right, changed, compile, compileWith } = networkWithWeights();
afterAll(remove);

/** The values of the model, by name. */
function held(): ReadonlyMap<string, Uint8Array> {
  const { graph } = readModelFile(at("net.onnx")).model;
  return new Map([...graph.initializers.values()].map((one) => [one.name, Uint8Array.from(one.bytes())]));
}

const expected = new Map(
  right.filter(({ name }) => !name.endsWith("tracked")).map(({ name, data }) => [name, Uint8Array.from(data)]),
);

describe("compile --weights", () => {
  test("puts the values of the file into the model, which verifies", async () => {
    const { code, err } = await compile("--weights", at("w.safetensors"), "--verify");
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("verified on the CPU") });
    expect(held()).toEqual(expected);
    const { metadata } = readModelFile(at("net.onnx")).model;
    expect(metadata.get("dnetc.init")).toBe("weights");
    const verified = await run(["verify", at("net.onnx"), "--against", at("net.dnet")]);
    expect(verified).toMatchObject({ code: 0, err: "" });
  });

  test("verifies no model whose own weights make values that are no numbers", async () => {
    const negative = new Uint8Array(new Float32Array(16).fill(-1).buffer);
    const file = changed((one) => (one.name === "norm.running_var" ? { ...one, data: negative } : one));
    const { code, err } = await compileWith(file, "--verify");
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/is written, but fails its verification\n.*no numbers, first at norm;/s),
    });
    expect(await run(["verify", at("net.onnx"), "--against", at("net.dnet")])).toMatchObject({ code: 1 });
  });

  test("writes the same to standard output", async () => {
    await compile("--weights", at("w.safetensors"));
    const out: Uint8Array[] = [];
    const args = ["compile", at("net.dnet"), "-o", "-", "--weights", at("w.safetensors")];
    await run(args, { out: async (data) => out.push(Buffer.from(data)) > 0 });
    expect(Buffer.concat(out).equals(readFileSync(at("net.onnx")))).toBe(true);
  });

  test("finds other values than those of the file", async () => {
    await compile("--weights", at("w.safetensors"));
    const model = readFileSync(at("net.onnx"));
    const values = Buffer.from(expected.get("stem.weight") as Uint8Array);
    model[model.indexOf(values) + 4] = 1;
    writeFileSync(at("net.onnx"), model);
    const { code, out } = await run(["verify", at("net.onnx"), "--against", at("net.dnet")]);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("differs[model-values]") });
  });

  test("may lack counters, and has float64 rounded", async () => {
    const floats = ({ data }: Saved) => new Float32Array(Uint8Array.from(data).buffer);
    const doubles = (saved: Saved): Saved => ({
      ...saved,
      dtype: "F64",
      data: new Uint8Array(Float64Array.from(floats(saved)).buffer),
    });
    const file = changed((one) => (one.name.endsWith("tracked") ? null : one.dtype === "F32" ? doubles(one) : one));
    expect(await compileWith(file)).toEqual({ code: 0, out: "", err: "" });
    expect(held()).toEqual(expected);
  });

  test("follows an index to its files", async () => {
    mkdirSync(at("shards"), { recursive: true });
    const shards = [right.slice(0, 3), right.slice(3)];
    const map = shards.flatMap((tensors, i) => tensors.map(({ name }) => [name, `${i + 1}.safetensors`]));
    for (const [i, tensors] of shards.entries()) writeFileSync(at(`shards/${i + 1}.safetensors`), fileOf(tensors));
    writeFileSync(
      at("shards/model.safetensors.index.json"),
      JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) }),
    );
    expect(await compile("--quiet", "--weights", at("shards/model.safetensors.index.json"))).toMatchObject({
      code: 0,
      err: "",
    });
    expect(held()).toEqual(expected);
    const read: string[] = [];
    const index = at("shards/model.safetensors.index.json");
    await run(["compile", at("net.dnet"), "-o", at("net.onnx"), "--weights", index], {
      onRead: (file) => read.push(file),
    });
    const shardsRead = [at("shards/1.safetensors"), at("shards/2.safetensors")];
    expect(read).toEqual([at("net.dnet"), index, ...shardsRead]);
    writeFileSync(at("shards/2.safetensors"), fileOf(right));
    expect((await compile("--weights", at("shards/model.safetensors.index.json"))).err).toBe(
      "error[weights-shard]: shards/model.safetensors.index.json: 2.safetensors: it has norm.bias and 2 more, which the index does not name there\n",
    );
  });

  test("renames by published names and by rules, one after another", async () => {
    const file = changed((one) => ({ ...one, name: `module.${one.name.replace("classifier", "fc")}` }));
    writeFileSync(at("rules.txt"), "# of the head\nfc.{role} -> classifier.{role}\n");
    expect(await compileWith(file, "--map", "module", "--map", at("rules.txt"))).toEqual({ code: 0, out: "", err: "" });
    expect(held()).toEqual(expected);
  });

  test("says that no tensor begins as options about initial weights say, where the file has all", async () => {
    const notes = async (...args: readonly string[]) => {
      const { err } = await compile("--weights", at("w.safetensors"), ...args);
      return err.split("\n").filter((line) => line.startsWith("note: "));
    };
    const every = "note: w.safetensors has every tensor: none begins as";
    expect(await notes()).toEqual([]);
    expect(await notes("--init", "he")).toEqual([`${every} --init says`]);
    const all = ["--zero-init-residual", "--seed", "0", "--init", "zeros"];
    expect(await notes(...all)).toEqual([`${every} --seed and --init and --zero-init-residual say`]);
    expect(await notes(...all, "--quiet")).toEqual([]);
  });

  test("says which rules and patterns are for nothing", async () => {
    writeFileSync(at("rules.txt"), "stem.{r} -> stem.{r} # as it is\nstem.{r} -> root.{r}\nfoo -> bar\n");
    const args = ["--weights", at("w.safetensors"), "--map", at("rules.txt"), "--allow-unexpected", "zz*"];
    const { code, err } = await compile(...args);
    expect(code).toBe(0);
    expect(err.split("\n").slice(0, 2)).toEqual([
      "note: no name in w.safetensors is changed by `stem.{r} -> root.{r}` and 1 more of --map",
      "note: --allow-unexpected allows nothing in w.safetensors by `zz*`",
    ]);
    expect(await compile(...args, "--deny", "notes")).toMatchObject({ code: 1 });
  });

  test("initialises what may be missing, and says so", async () => {
    writeFileSync(
      at("other.safetensors"),
      changed((one) => (one.name.startsWith("classifier") ? { ...one, name: `old.${one.name}` } : one)),
    );
    const { code, err } = await compile(
      ...["--weights", at("other.safetensors"), "--allow-missing", "classifier.*", "--allow-unexpected", "old.*"],
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^note: 2 tensors that other\.safetensors lacks begin as --init he says\nNet: /),
    });
    expect(readModelFile(at("net.onnx")).model.metadata.get("dnetc.init")).toBe("weights+he");
    expect(held().get("stem.weight")).toEqual(expected.get("stem.weight"));
    expect(held().get("classifier.bias")).toEqual(new Uint8Array(40));
  });
});

test("the help names the published names", async () => {
  const { out } = await run(["compile", "--help"]);
  const said = /a file of rules, or ([^;]*);/.exec(out.replaceAll(/\s+/g, " "))?.[1];
  expect(said?.split(/, | or /)).toEqual(publishedNames);
});
