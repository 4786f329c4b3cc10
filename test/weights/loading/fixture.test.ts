import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { distance } from "../../peers/saved-run.ts";

const fixture = join(import.meta.dirname, "fixture");
const folder = mkdtempSync(join(tmpdir(), "dnetc-fixture-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A narrow DenseNet-BC with weights, an input and logits as PyTorch has saved them; `test/peers/logits.py` made them. */
describe("a network of PyTorch", () => {
  it.each([
    ["as it is", [], 1e-5],
    ["folded", ["--fold"], 1e-5],
    ["with its values beside it, at opset 21", ["--external", "always", "--opset", "21"], 1e-5],
    ["in float16", ["--dtype", "f16"], 2e-2],
  ] as const)("has the same logits, %s", async (_, options, allowed) => {
    const program = join(fixture, "narrow.dnet");
    const compared = { program, network: "Narrow", saved: join(fixture, "narrow"), model: join(folder, "net.onnx") };
    expect(await distance({ ...compared, options })).toBeLessThan(allowed);
  });

  it("is small", () => {
    const bytes = readdirSync(fixture).reduce((sum, name) => sum + statSync(join(fixture, name)).size, 0);
    expect(bytes).toBeLessThan(300_000);
  });
});
