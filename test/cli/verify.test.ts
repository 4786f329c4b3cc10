import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./run.ts";

let folder = "";
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-verify-"));
  writeFileSync(at("small.dnet"), small);
  await run(["compile", at("small.dnet"), "-o", at("small.onnx"), "--network", "Small", "-q"]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = `network Small(growth = 8, classes = 10) {
  input image[3, 16, 16]
  stem: conv(3x3, 16) batchnorm relu
  block1: dense(3, growth, bottleneck = 4)
  batchnorm relu globalavgpool classifier: linear(classes)
}
network Wide = Small(growth = 16)
`;

describe("verify", () => {
  it("says of each network what it has shown", async () => {
    const { code, out, err } = await run(["verify", at("small.dnet"), "--all"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out
      .split("\n")
      .map((line) => line.replaceAll(folder, "").replaceAll(/\d+(\.\d+)?e-\d+|\d[\d.]* m?s\b/g, "#"));
    expect(lines.slice(0, 3)).toEqual([
      "Small (/small.dnet)",
      "  image [1, 3, 16, 16]: 29 nodes, 28 shapes compared",
      "  10,506 parameters, 2,470,288 MACs",
    ]);
    expect(out).toContain("cpu: 28 layers compared, all agree; farthest from the reference:\n    layer ");
    expect(out).toContain("verified: Small\n");
    expect(out).toContain("verified: Wide\n");
  });

  it.each([[["--fold"]], [["--opset", "21", "--batch", "3"]]])("with %j", async (options) => {
    const { code, out } = await run(["verify", at("small.dnet"), "--network", "Small", "--format", "json", ...options]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, network: "Small", runs: [{ device: "cpu", nodesElsewhere: 0 }] });
  });

  it("names the columns that a narrow window has no room for", async () => {
    const { out } = await run(["verify", at("small.dnet"), "--network", "Small"], { env: { COLUMNS: "48" } });
    expect(out).toMatch(/\n {2}no room for abs error, kernels, first run/);
  });

  it("refuses --fold for a model that is there", async () => {
    const given = ["verify", at("small.onnx"), "--against", at("small.dnet"), "--network", "Small"];
    const { code, out, err } = await run([...given, "--fold"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("--fold is for models that are written");
  });

  it("compares a given model with its file", async () => {
    const { code, out } = await run(["verify", at("small.onnx"), "--against", at("small.dnet"), "--network", "Small"]);
    expect({ code, verified: out.includes("verified: Small") }).toEqual({ code: 0, verified: true });
  });

  it("takes the sizes that the model fixes, unless --dim says otherwise", async () => {
    writeFileSync(
      at("open.dnet"),
      "network Open { input image[3, H, W] require H % 2 == 0 conv(3x3, 4, stride = 2) }\n",
    );
    await run(["compile", at("open.dnet"), "-o", at("fixed.onnx"), "--dim", "H=24", "--dim", "W=40", "-q"]);
    const against = ["verify", at("fixed.onnx"), "--against", at("open.dnet")];
    const { code, out } = await run(against);
    expect(code).toBe(0);
    expect(out).toContain("image [1, 3, 24, 40]");
    const other = await run([...against, "--dim", "H=32"]);
    expect(other.code).toBe(1);
    expect(other.out).toContain("image is stated as [N, 3, 24, 40], and should be [N, 3, 32, 40]");
  });

  it("takes the network and the parameters that the model records, unless options say otherwise", async () => {
    await run(["compile", at("small.dnet"), "-o", at("other.onnx"), "--network", "Wide", "--set", "classes=5", "-q"]);
    const against = ["verify", at("other.onnx"), "--against", at("small.dnet")];
    const { code, out, err } = await run([...against, "--format", "json"]);
    expect({ code, err }).toEqual({
      code: 0,
      err: `note: taking Wide with classes = 5, as ${at("other.onnx")} records\n`,
    });
    expect(JSON.parse(out)).toMatchObject({ network: "Wide", parameters: { growth: 16, classes: 5 } });
    expect(await run([...against, "--set", "classes=10", "-q"])).toMatchObject({ code: 1, err: "" });
    expect((await run([...against, "--network", "Small"])).out).toContain("records Wide as dnetc.network");
  });

  it("says where the file has several networks, and none that the model records", async () => {
    writeFileSync(
      at("renamed.dnet"),
      small.replace("Wide", "Broad").replace("Small(", "Tiny(").replace("Small(", "Tiny("),
    );
    const given = ["verify", at("small.onnx"), "--against", at("renamed.dnet")];
    expect(await run(given)).toEqual({
      code: 1,
      out: "",
      err: `error: ${at("small.onnx")} records that it is Small, and ${at("renamed.dnet")} has Tiny, Broad
  = help: \`--network NAME\` says which of them it should be\n`,
    });
  });

  it("names the tensor of which a value was changed", async () => {
    const bytes = readFileSync(at("small.onnx"));
    // The last bit of a weight lies in the middle of the file, far from any structure.
    const place = bytes.lastIndexOf("stem.weight") + 400;
    bytes[place] = (bytes[place] as number) ^ 1;
    writeFileSync(at("changed.onnx"), bytes);
    const { code, out } = await run([
      "verify",
      at("changed.onnx"),
      "--against",
      at("small.dnet"),
      "--network",
      "Small",
    ]);
    expect(code).toBe(1);
    expect(out).toContain("differs[model-values]: stem.weight holds other values than were written");
    expect(out).toContain("not verified: Small");
    const trained = ["--against", at("small.dnet"), "--network", "Small", "--any-weights"];
    const any = await run(["verify", at("changed.onnx"), ...trained]);
    expect({ code: any.code, verified: any.out.includes("verified: Small") }).toEqual({ code: 0, verified: true });
    expect(await run(["verify", at("small.dnet"), "--any-weights"])).toMatchObject({ code: 2 });
  });

  it("says where a model is another network", async () => {
    const { code, out } = await run(["verify", at("small.onnx"), "--against", at("small.dnet"), "--network", "Wide"]);
    expect(code).toBe(1);
    expect(out).toContain(
      "differs[model-shape]: block1.denselayer1.conv1 makes [1, 32, 16, 16] in the model, and should make [1, 64, 16, 16]",
    );
    expect(out).toContain("more\n");
  });

  it.each([
    ["no model", () => Buffer.from("# a text, and no model\n"), "error[model-not-onnx]"],
    ["half a model", () => readFileSync(at("small.onnx")).subarray(0, 9000), "error[model-truncated]"],
    ["an empty file", () => Buffer.alloc(0), "error[model-not-onnx]"],
  ])("refuses %s", async (_what, bytes, message) => {
    writeFileSync(at("bad.onnx"), bytes());
    const { code, out, err } = await run([
      "verify",
      at("bad.onnx"),
      "--against",
      at("small.dnet"),
      "--network",
      "Small",
    ]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
  });

  it("wants to know what a model should be", async () => {
    const { code, err } = await run(["verify", at("small.onnx")]);
    expect(code).toBe(2);
    expect(err).toContain("say with --against which .dnet file it should be");
  });

  it("goes on after a file that is not there", async () => {
    const { code, out, err } = await run(["verify", at("none.dnet"), at("small.dnet")]);
    expect({ code, verified: out.includes("verified: Wide") }).toEqual({ code: 3, verified: true });
    expect(err).toContain("there is no such file or folder");
  });

  it("says what a device lacks", async () => {
    const { code, out } = await run(["verify", at("small.dnet"), "--device", "cuda", "--network", "Small"]);
    expect(code).toBe(1);
    expect(out).toMatch(/error: cuda: .*\n {2}= help: /);
  });
});
