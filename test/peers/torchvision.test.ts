import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deep } from "../deep.ts";
import { distance } from "./saved-run.ts";

const python = "/usr/bin/python3";
const missing = deep && spawnSync(python, ["-c", "import torchvision"]).status !== 0;
const title = missing
  ? "torchvision: skipped, apt install python3-torch python3-torchvision to run it"
  : "torchvision, in the deep run";
const examples = join(import.meta.dirname, "..", "..", "examples");

/** Random weights, saved by PyTorch and brought into the networks of the examples. */
describe.skipIf(!deep || missing)(title, () => {
  it.each([
    ["densenet121", "densenet-121.dnet", "DenseNet121"],
    ["densenet169", "densenet-169.dnet", "DenseNet169"],
    ["resnet50", "resnet.dnet", "ResNet50"],
    ["efficientnet_b0", "efficientnet.dnet", "EfficientNetB0"],
    ["vgg16_bn", "vgg.dnet", "VGG16BN"],
  ])("has the logits of %s", { timeout: 300_000 }, async (name, file, network) => {
    const folder = mkdtempSync(join(tmpdir(), "dnetc-torchvision-"));
    try {
      const script = join(import.meta.dirname, "logits.py");
      const { status, stderr } = spawnSync(python, [script, folder, name], { encoding: "utf8" });
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const program = join(examples, file);
      expect(
        await distance({ program, network, saved: join(folder, name), model: join(folder, "net.onnx") }),
      ).toBeLessThan(1e-4);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
