import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "./run.ts";
import { fileOf, networkWithWeights, type Saved } from "./saved-weights.ts";
import { expectValid } from "./schemas.ts";

const { at, remove, right, changed, compile, compileWith } = networkWithWeights();
afterAll(remove);

/** What is printed, once it has been found to be as its schema says. */
async function told(weights: Uint8Array | string, ...args: readonly string[]) {
  const { code, out, err } = await compileWith(weights, "--format", "json", ...args);
  expectValid("compile", out, args.join(" "));
  const json = JSON.parse(out);
  expect(json.ok).toBe(code === 0);
  return { ...json, err };
}

describe("compile --format json", () => {
  test("tells what was written", async () => {
    const json = await told(fileOf(right), "--fold", "--verify", "--external", "always");
    expect(json).toMatchObject({ network: "Net", diagnostics: [], verified: true, failures: [], err: "" });
    expect(json.notes).toEqual(["no tensor of Net has 64 KiB: --external always changes nothing"]);
    expect(json.weights).toMatchObject({ ok: true, errors: [], warnings: [], lacking: [], fitting: null });
    expect(json.model).toMatchObject({ file: at("net.onnx"), params: 554, opset: 17, dtype: "f32", data: null });
    expect(json.model).toMatchObject({ bytes: readFileSync(at("net.onnx")).length, folding: { folded: 1, left: [] } });
  });

  test("tells all in which weights do not fit, as data", async () => {
    const file = changed((one) => {
      if (one.name === "stem.weight") return { ...one, shape: [3, 3, 3, 16] };
      if (one.name === "norm.bias") return { ...one, dtype: "I32" };
      if (one.name === "pick.index") return null;
      return one.name.startsWith("classifier") ? { ...one, name: one.name.replace("classifier", "fc") } : one;
    });
    const { weights, model, failures, err } = await told(file);
    expect(model).toBeNull();
    expect(existsSync(at("other.onnx"))).toBe(false);
    const [failure] = failures;
    expect(failure).toMatchObject({ code: null, message: expect.stringContaining("3 tensors are missing") });
    expect(err.split("\n")[0]).toBe(`error: ${failure.message.replaceAll(`${at("")}/`, "")}`);
    const brief = weights.errors.map((one: Record<string, { name: string } | null>) => [
      one.code,
      ...["tensor", "found", "meant", "meantFor"].map((field) => one[field]?.name ?? null),
    ]);
    expect(brief).toEqual([
      ["weights-missing", "pick.index", null, null, null],
      ["weights-missing", "classifier.weight", null, "fc.weight", null],
      ["weights-missing", "classifier.bias", null, "fc.bias", null],
      ["weights-unexpected", null, "fc.bias", null, "classifier.bias"],
      ["weights-unexpected", null, "fc.weight", null, "classifier.weight"],
      ["weights-shape", "stem.weight", "stem.weight", null, null],
      ["weights-dtype", "norm.bias", "norm.bias", null, null],
    ]);
    expect(weights.errors.at(-2)).toMatchObject({
      tensor: { shape: [16, 3, 3, 3], dtype: "float32" },
      found: { nameInFile: "stem.weight", shape: [3, 3, 3, 16], dtype: "F32", file: at("other.safetensors") },
    });
    expect(weights.errors.at(-1)).toMatchObject({ taken: ["F64", "F32", "F16", "BF16"], count: null });
  });

  test("tells every tensor of hundreds, and the mapping that would do", async () => {
    const file = changed((one) => ({ ...one, name: `module.${one.name}` }));
    const { weights } = await told(file);
    expect(weights).toMatchObject({ ok: false, fitting: ["module"] });
    expect(weights.errors).toHaveLength(16);
  });

  test("tells values that are strange, and what begins anew", async () => {
    const nan = (one: Saved): Saved => ({ ...one, data: new Uint8Array(new Float32Array(16).fill(Number.NaN).buffer) });
    const file = changed((one) =>
      one.name === "norm.bias" ? nan(one) : one.name.startsWith("classifier") ? null : one,
    );
    const { weights, err } = await told(file, "--allow-missing", "classifier.*");
    expect(weights.warnings).toMatchObject([{ kind: "notFinite", found: { name: "norm.bias" }, count: 16 }]);
    expect(weights.lacking.map(({ name }: Saved) => name)).toEqual(["classifier.weight", "classifier.bias"]);
    expect(err).toBe("");
    expect((await told(file, "--allow-missing", "classifier.*", "--deny", "warnings")).failures).toHaveLength(1);
  });

  test("tells what is wrong with files, and with the program", async () => {
    expect(await told("PK\u0003\u0004")).toMatchObject({
      weights: null,
      failures: [{ code: "weights-pickle", file: at("other.safetensors") }],
    });
    const stdin = "network Net { input x[3, 8, 8] covn(3x3, 4) }";
    const { code, out } = await run(["compile", "-", "-o", at("none.onnx"), "--format", "json"], { stdin });
    expectValid("compile", out, stdin);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      network: null,
      model: null,
      diagnostics: [{ code: "unknown-layer" }],
    });
  });

  test("needs standard output for itself", async () => {
    const { code, err } = await run(["compile", at("net.dnet"), "-o", "-", "--format", "json"]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining("standard output takes the model or"),
    });
    expect((await compile("--format", "sarif")).code).toBe(2);
  });
});
