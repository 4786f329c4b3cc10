import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cudaAdapter, vulkanAdapter } from "../../src/runtime/adapter.ts";

describe("the name that the Vulkan loader prints", () => {
  const using = (name: string) => `LAYER:     Using "${name}" with driver: "/usr/lib/libGLX_nvidia.so.0"\n`;

  it.each([
    ["one device", `LAYER:   <Device>\n${using("NVIDIA RTX (TM) 4000")}`, "NVIDIA RTX (TM) 4000"],
    ["the same device twice", using("llvmpipe (LLVM 15.0.6, 256 bits)").repeat(2), "llvmpipe (LLVM 15.0.6, 256 bits)"],
    ["two devices", using("A") + using("B"), null],
    ["nothing", "", null],
  ])("%s", (_what, printed, name) => {
    expect(vulkanAdapter(printed)).toBe(name);
  });
});

describe("the name that NVIDIA's driver lists", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "dnetc-gpus-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["one card", ["NVIDIA A10"], "NVIDIA A10"],
    ["cards of one name", ["NVIDIA A10", "NVIDIA A10"], "NVIDIA A10"],
    ["different cards", ["NVIDIA A10", "NVIDIA L4"], null],
    ["no card", [], null],
  ])("%s", (_what, models, name) => {
    for (const [at, model] of models.entries()) {
      mkdirSync(path.join(folder, `0000:0${at}:00.0`));
      writeFileSync(path.join(folder, `0000:0${at}:00.0`, "information"), `Model: \t\t ${model}\nIRQ:   17\n`);
    }
    expect(cudaAdapter(folder)).toBe(name);
  });

  it("without the driver", () => {
    expect(cudaAdapter(path.join(folder, "none"))).toBeNull();
  });
});
