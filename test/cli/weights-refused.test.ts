import { linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { StoredBytes } from "../../src/cli/model-writing/stored-bytes.ts";
import { openWeights } from "../../src/cli/weights/open-weights.ts";
import type { ReadStretch } from "../../src/weights/make.ts";
import { run } from "./run.ts";
import { fileOf, networkWithWeights, type Saved } from "./saved-weights.ts";

const { at, remove, right, changed, compile, compileWith } = networkWithWeights();
afterAll(remove);

describe("what is no whole set of weights leaves no model", () => {
  const before = "what was there before";
  const refused = async (file: Uint8Array | string, ...args: readonly string[]) => {
    writeFileSync(at("net.onnx"), before);
    const { code, err } = await compileWith(file, ...args);
    expect(readFileSync(at("net.onnx"), "utf8")).toBe(before);
    return `${err}exit code ${code}`;
  };

  test("where tensors do not fit: one report", async () => {
    const file = changed((one) => {
      if (one.name === "stem.weight") return { ...one, shape: [3, 3, 3, 16] };
      if (one.name === "norm.bias") return null;
      return one.name.startsWith("classifier") ? { ...one, name: one.name.replace("classifier", "fc") } : one;
    });
    expect(await refused(file)).toBe(`error[weights-missing]: other.safetensors has no norm.bias [16]
error[weights-missing]: other.safetensors has no classifier.weight [10, 8]
  = help: it has fc.weight, of the same shape, which is not used
error[weights-missing]: other.safetensors has no classifier.bias [10]
  = help: it has fc.bias, of the same shape, which is not used
error[weights-shape]: stem.weight is [3, 3, 3, 16] in other.safetensors, and [16, 3, 3, 3] in Net
  = help: it is laid out as TensorFlow does: a rule of --map that ends in (HWIO) transposes it
error: other.safetensors does not fit Net: 3 tensors are missing, 2 tensors are unexpected, 1 tensor has another shape
  = help: \`--map FILE\` renames tensors of the file by rules
          \`--allow-missing PATTERN\` lets what the file lacks begin as --init says
          \`--allow-unexpected PATTERN\` leaves aside what the network does not have
          \`dnetc explain weights-shape\` says how a layer with another shape begins anew
exit code 1`);
  });

  test("in colours when told to, and where nothing was read yet", async () => {
    const red = (text: string) => `\u001b[1m\u001b[31m${text}\u001b[39m\u001b[22m`;
    writeFileSync(at("other.safetensors"), fileOf(right.slice(1)));
    const { err } = await compile("--weights", at("other.safetensors"), "--color", "always");
    expect(err).toContain(red("error[weights-missing]"));
    expect((await compile("--weights", at("nowhere.safetensors"), "--color=always")).err).toContain(red("error"));
    expect((await compile("--weights", at("nowhere.safetensors"), "--color=never")).err).not.toContain("\u001b");
  });

  test("where a published mapping would do, it is named", async () => {
    const file = changed((one) => ({ ...one, name: `module.${one.name}` }));
    expect(await refused(file)).toContain("\n  = help: with --map module, every tensor is found\n");
    expect(await refused(fileOf(right), "--map", at("all.txt"))).toContain(
      "cannot read all.txt: there is no such file",
    );
    writeFileSync(at("all.txt"), "{x}.{role} -> x.{x}.{role}");
    expect(await refused(fileOf(right), "--map", at("all.txt"))).toContain("with no --map, every tensor is found");
  });

  test("where a rule would do, or the file seems folded, or is one of several, that is said", async () => {
    expect(await refused(changed((one) => ({ ...one, name: `model.${one.name}` })))).toContain(
      "\n  = help: the rule `model.{rest...} -> {rest}`, in a file for --map, finds all 8 missing tensors\n",
    );
    const folded = changed((one) => {
      if (one.name === "norm.bias") return { ...one, name: "stem.bias" };
      return one.name.startsWith("norm.") ? null : one;
    });
    expect(await refused(folded)).toContain("\n  = help: they seem to be of a model that was compiled with --fold");
    const shard = "model-00001-of-00002.safetensors";
    writeFileSync(at(shard), fileOf(right.slice(0, 3)));
    expect((await compile("--weights", at(shard))).err).not.toContain("the index of all");
    writeFileSync(at("model.safetensors.index.json"), "{}");
    expect((await compile("--weights", at(shard))).err).toContain(
      "\n  = help: it is one of several files: name model.safetensors.index.json, the index of all\n",
    );
  });

  test("where rules are wrong, or give two tensors one name", async () => {
    writeFileSync(at("rules.txt"), "\nfc -> {role}\n");
    expect(await refused(fileOf(right), "--map", at("rules.txt"))).toBe(
      "error[weights-map]: rules.txt: line 2: {role} stands for nothing on the left\n  = help: the line is `fc -> {role}`\nexit code 1",
    );
    writeFileSync(at("rules.txt"), "{x}.weight -> stem.weight");
    expect(await refused(fileOf(right), "--map", at("rules.txt"))).toMatch(
      /^error\[weights-map-clash\]: other\.safetensors: classifier\.weight and norm\.weight would both become stem\.weight\n/,
    );
  });

  test("where values are outside what a model can hold", async () => {
    const large = (one: Saved): Saved => ({
      ...one,
      dtype: "F64",
      data: new Uint8Array(Float64Array.from({ length: 16 }, () => 1e300).buffer),
    });
    expect(await refused(changed((one) => (one.name === "norm.bias" ? large(one) : one)))).toBe(
      `error[weights-overflow]: norm.bias: 16 values too large for float32, which ends at 3.4e38
error: other.safetensors: 1 tensor has values that no model can hold
exit code 1`,
    );
    const far = new Uint8Array(BigInt64Array.from({ length: 8 }, (_, i) => BigInt(i + 12)).buffer);
    expect(await refused(changed((one) => (one.name === "pick.index" ? { ...one, data: far } : one)))).toContain(
      "error[weights-range]: pick.index: 4 entries point at no channel; 16 arrive, counted from 0\n",
    );
  });

  test("where values are not finite, a warning; an error if warnings are denied", async () => {
    const nan = (one: Saved): Saved => ({ ...one, data: new Uint8Array(new Float32Array(16).fill(Number.NaN).buffer) });
    const file = changed((one) => (one.name === "norm.bias" ? nan(one) : one));
    const warning = "warning[weights-not-finite]: norm.bias: 16 values NaN\n";
    expect(await compileWith(file)).toMatchObject({ code: 0, err: warning });
    expect(await refused(file, "--deny", "warnings")).toBe(
      `${warning}error: other.safetensors: 1 tensor has values that are warned of (denied)\nexit code 1`,
    );
  });

  test.each([
    ["PK\u0003\u0004 and more", "error[weights-pickle]: other.safetensors: it is a zip archive"],
    [
      "version https://git-lfs.github.com/spec/v1",
      "error[weights-not-safetensors]: other.safetensors: it is no safetensors file: it seems to be a pointer of Git LFS",
    ],
    [
      "<!DOCTYPE html>",
      "error[weights-not-safetensors]: other.safetensors: it is no safetensors file: it seems to be a page of HTML",
    ],
    ["{}", "error[weights-index]: other.safetensors: it has no weight_map"],
    ["", "error[safetensors-truncated]: other.safetensors: it has 0 bytes"],
    [
      '{"weight_map":{"a":"../w.safetensors"}}',
      "error[weights-shard-outside]: other.safetensors: it names ../w.safetensors, which is outside its folder",
    ],
    [
      '{"weight_map":{"a":"/w.safetensors"}}',
      "error[weights-shard-outside]: other.safetensors: it names /w.safetensors, which is outside its folder",
    ],
    [
      '{"weight_map":{"a":"none.safetensors"}}',
      "error[weights-shard]: other.safetensors: it names none.safetensors: there is no such file",
    ],
    [
      '{"weight_map":{"a":"shards"}}',
      "error[weights-shard]: other.safetensors: it names shards, which is no ordinary file",
    ],
    [
      '{"weight_map":{"a":"net.dnet"}}',
      "error[weights-not-safetensors]: other.safetensors: net.dnet: it is no safetensors file: it seems to be a text, perhaps a program",
    ],
  ])("where the file is %j", async (file, message) => {
    mkdirSync(at("shards"), { recursive: true });
    const said = await refused(file);
    expect(said).toContain(message);
    expect(said).toMatch(/exit code 1$/);
  });

  test("where a shard leads out of the folder of its index", async () => {
    mkdirSync(at("set"));
    symlinkSync(at("w.safetensors"), at("set/link.safetensors"));
    linkSync(at("w.safetensors"), at("set/hard.safetensors"));
    for (const [shard, words] of [
      ["link", "a link that leads outside its folder"],
      ["hard", "a file that has another name, too (a hard link)"],
    ]) {
      const index = JSON.stringify({
        weight_map: Object.fromEntries(right.map(({ name }) => [name, `${shard}.safetensors`])),
      });
      writeFileSync(at("set/index.json"), index);
      const { code, err } = await compile("--weights", at("set/index.json"));
      expect({ code, err }).toMatchObject({
        code: 1,
        err: expect.stringContaining(
          `error[weights-shard-outside]: set/index.json: it names ${shard}.safetensors, ${words}`,
        ),
      });
    }
    // The file that is named may be a link.
    expect(await compile("--quiet", "--weights", at("set/link.safetensors"))).toMatchObject({ code: 0, err: "" });
  });

  test("where there is nothing to read", async () => {
    expect(await compile("--weights", at("none"))).toMatchObject({
      code: 3,
      err: expect.stringContaining("cannot read none: there is no such file"),
    });
    expect(await compile("--weights", at("set"))).toMatchObject({
      code: 3,
      err: expect.stringContaining("name the .safetensors file in it"),
    });
    for (const stream of ["/dev/null", "-"]) {
      expect(await compile("--weights", stream)).toMatchObject({
        code: 3,
        err: expect.stringMatching(
          /^error: cannot read weights from .*: it is no ordinary file\n {2}= help: put them into a file/,
        ),
      });
    }
  });

  test("where the file is a model", async () => {
    await compile();
    expect((await compile("--weights", at("net.onnx"))).err).toMatch(
      /^error\[weights-not-safetensors\].*\n.*`dnetc weights`/,
    );
  });

  test("where the file ends while it is read", () => {
    writeFileSync(at("ending"), readFileSync(at("w.safetensors")));
    const stored = new StoredBytes();
    const read: ReadStretch = (file, offset, length) => {
      if (offset > 0) truncateSync(file, 20);
      return stored.read(file, offset, length);
    };
    expect(() => openWeights(at("ending"), read)).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining("ends before byte") }),
    );
    stored.close();
  });

  test("where the file is another one, or gone, when its values are written", async () => {
    await compile("--weights", at("w.safetensors"));
    const before = readFileSync(at("net.onnx"));
    const meanwhile = (act: (file: string) => void) => {
      writeFileSync(at("changing"), readFileSync(at("w.safetensors")));
      let isDone = false;
      const terminal = {
        onRead: (file: string) => {
          if (!file.endsWith("changing") || isDone) return;
          isDone = true;
          setImmediate(() => act(file));
        },
      };
      const args = ["compile", at("net.dnet"), "-o", at("net.onnx"), "--weights", at("changing")];
      return run(args, terminal);
    };
    const changed = await meanwhile((file) => writeFileSync(file, readFileSync(file)));
    expect(changed).toMatchObject({ code: 3, err: expect.stringContaining("changing has changed while it was read") });
    const gone = await meanwhile((file) => unlinkSync(file));
    expect(gone).toMatchObject({ code: 3, err: expect.stringMatching(/cannot read \S*changing: there is no such/) });
    expect(readFileSync(at("net.onnx")).equals(before)).toBe(true);
  });

  test("where the output is the weights", async () => {
    const { code, err } = await run([
      "compile",
      at("net.dnet"),
      "-o",
      at("w.safetensors"),
      "--weights",
      at("w.safetensors"),
    ]);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("is the input") });
    expect(readFileSync(at("w.safetensors")).equals(fileOf(right))).toBe(true);
  });

  test("where options are wrong", async () => {
    expect(await compile("--map", "module")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--map is about weights"),
    });
    expect(await compile("--weights", at("w.safetensors"), "--allow-missing", "head.*")).toMatchObject({
      code: 2,
      err: "error: --allow-missing means no tensor of Net by `head.*`\n",
    });
  });
});
