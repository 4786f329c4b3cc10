import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { small } from "./networks.ts";
import { run } from "./run.ts";
import { expectValid, schemas } from "./schemas.ts";

const wrong = readdirSync("test/fixtures/err").filter((name) => name.endsWith(".dnet"));
const fitting = readdirSync("test/fixtures/ok").filter((name) => name.endsWith(".dnet"));

test.each([
  ["examples/densenet-121.dnet"],
  ["examples/resnet.dnet"],
  ["examples/tiramisu.dnet", "--dim=H=224"],
  ["examples/densenet-cifar.dnet", "--network=DenseNet40_12"],
])("stats %s %s", async (...args) => {
  const { out } = await run(["stats", ...args.filter((one) => one !== undefined), "--format=json"]);
  expectValid("stats", out, args.join(" "));
});

test.each<[string, string]>([
  ["of symbolic sizes, training layers and an open peak", small.slice(0, small.indexOf("network Broken"))],
  ["beyond 2^53", "network A { input image[3, 100_000, 100_000] conv(1x1, 1_000_000) conv(1x1, 1_000_000) }"],
  [
    "of values without a form in JSON",
    'network A(a = 0..3, b = 1/3, c = [1x2, "x"], d = half, e = true) { input i[3, H, 8] relu }',
  ],
  ["of layers alone", "network A { input i[1, 8, 8] flatten linear(2) }"],
  ["of two outputs", "network A { input i[1, H, W] relu output middle conv(1x1, 2) }"],
])("stats %s", async (told, stdin) => {
  expectValid("stats", (await run(["stats", "-", "--format=json"], { stdin })).out, told);
});

test("stats of every program that is right", async () => {
  for (const name of fitting) {
    const { code, out } = await run(["stats", path.join("test/fixtures/ok", name), "-q", "--format=json"]);
    if (code === 0) expectValid("stats", out, name);
  }
});

test("stats --summary", async () => {
  const files = ["densenet-cifar", "googlenet", "tiramisu"].map((name) => `examples/${name}.dnet`);
  files.push("missing.dnet", `test/fixtures/err/${wrong[0]}`);
  const { out } = await run(["stats", "--summary", ...files, "--format=json"]);
  expectValid("stats-summary", out, "several files");
  expect(JSON.parse(out).failures).toHaveLength(2);
});

test("check of every program that is wrong, and of files that are not there", async () => {
  const files = wrong.map((name) => path.join("test/fixtures/err", name));
  const { out } = await run(["check", ...files, "missing.dnet", "--set", "growth=1 +", "--format=json"]);
  expectValid("check", out, "all fixtures");
  expect(JSON.parse(out).diagnostics.length).toBeGreaterThan(wrong.length);
});

test("the schemas take fields that are added later, and refuse wrong ones", () => {
  const check = schemas.check?.open;
  expect(check?.({ schemaVersion: 1, ok: true, diagnostics: [], failures: [], more: 1 })).toBe(true);
  expect(check?.({ schemaVersion: 1, ok: "yes", diagnostics: [], failures: [] })).toBe(false);
  expect(schemas.check?.closed({ schemaVersion: 1, ok: true, diagnostics: [], failures: [], more: 1 })).toBe(false);
});

test("the schemas describe every field, and say the same of the same", () => {
  for (const { schema } of Object.values(schemas)) {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: expect.stringMatching(/^urn:dnetc:schema:/),
    });
  }
  const { schemaVersion, layers, denseBlocks, tensors, ...summed } = schemas.stats?.schema.properties ?? {};
  expect(schemas["stats-summary"]?.schema.properties.networks.items.properties).toEqual(summed);
  expect(schemas["stats-summary"]?.schema.$defs).toEqual(schemas.stats?.schema.$defs);
  const { items } = schemas.check?.schema.properties.diagnostics ?? {};
  expect(schemas.compile?.schema.properties.diagnostics.items).toEqual(items);
  expect(schemas.compile?.schema.$defs).toMatchObject(schemas.check?.schema.$defs);
});

test("the schemas are in the package", () => {
  expect(packageJson.files).toContain("schemas");
});

test("verify, of one network and of several", async () => {
  const several = "network A { input image[3, H, W] conv(3x3, 8) batchnorm relu }\nnetwork B { input x[2, 8, 8] relu }";
  for (const args of [
    ["--network", "A", "--all"],
    ["--device", "cuda", "--device", "cpu"],
  ]) {
    const { out } = await run(["verify", "-", "--format", "json", ...args], { stdin: several });
    expectValid("verify", out, args.join(" "));
  }
});

test("bench, also of a device and of a file that are not there", async () => {
  const network = "network A { input image[3, 8, 8] conv(3x3, 8) dense(2, 4) }";
  const files = ["-", "missing.onnx"];
  const devices = ["--device", "cpu", "--device", "cuda"];
  const { out } = await run(["bench", ...files, "--rounds", "6", "--format", "json", ...devices], { stdin: network });
  expectValid("bench", out, "bench");
});
