import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import { emit, largestModel } from "../../src/emit/emit.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { compileFile } from "../compiling.ts";
import { deep } from "../deep.ts";
import { cases } from "../emit/cases.ts";
import { denseNet121 } from "../emit/densenet.ts";
import { Network } from "../emit/network.ts";
import { defaults, emitWith, joined } from "../emit/running.ts";

/** Debian's python3-onnx is 1.12, which knows opsets up to 17. */
const python = "/usr/bin/python3";
const opsets = [13, 14, 15, 16, 17] as const;
const exampleFolder = join(import.meta.dirname, "..", "..", "examples");
const examples = readdirSync(exampleFolder).filter((name) => name.endsWith(".dnet"));
/** In bytes. Larger files take the checker seconds, and hold nothing but more of the same layers. */
const largestChecked = deep ? largestModel : 30e6;
const missing = spawnSync(python, ["-c", "import onnx"]).status !== 0;
const title = missing ? "the ONNX checker: skipped, apt install python3-onnx to run it" : "the ONNX checker";

describe.skipIf(missing)(title, () => {
  it.each(opsets)("accepts every kind of op at opset %i", (opset) => {
    const models = Object.entries(cases).flatMap(([kind, ofKind]) => {
      return Object.values(ofKind).map((one, i) => {
        const network = new Network(one.input);
        const architecture = network.architecture(one.build(network, network.input));
        return [`${kind}-${i}.onnx`, joined(emitWith(architecture, { opset }))] as const;
      });
    });
    expect(check(models)).toBe(models.map(([file]) => `ok ${file}\n`).join(""));
  });

  it("accepts DenseNet-121, folded or not", () => {
    const architecture = denseNet121();
    const plain = joined(emitWith(architecture));
    const folded = joined(emitWith(architecture, { fold: true, batch: 4 }));
    const models = [
      ["plain.onnx", plain],
      ["folded.onnx", folded],
    ] as const;
    expect(check(models)).toBe("ok plain.onnx\nok folded.onnx\n");
  });

  it.for(examples)("accepts %s", { timeout: 60_000 }, (file, { skip }) => {
    const { architectures } = compileFile(join(exampleFolder, file));
    const small = architectures.filter((architecture) => 4 * Number(count(architecture).params) < largestChecked);
    if (small.length === 0) skip("its networks are large: they are checked in the deep run");
    const models = small.map((architecture) => {
      const model = emit(architecture, initialise(architecture, { init: "zeros", seed: 0 }), defaults);
      return [`${architecture.name}.onnx`, joined(model)] as const;
    });
    expect(check(models)).toBe(models.map(([name]) => `ok ${name}\n`).join(""));
  });

  it("refuses a model that is broken", () => {
    const model = Buffer.from(joined(emitWith(denseNet121()))).toString("latin1");
    const broken = Buffer.from(model.replace("GlobalAveragePool", "GlobalAveragePoox"), "latin1");
    expect(check([["broken.onnx", broken]])).toMatch(/^broken\.onnx: .*GlobalAveragePoox/);
  });
});

/** What the script says of the models. */
function check(models: readonly (readonly [file: string, model: Uint8Array])[]): string {
  const folder = mkdtempSync(join(tmpdir(), "dnetc-checker-"));
  try {
    for (const [file, model] of models) writeFileSync(join(folder, file), model);
    const script = join(import.meta.dirname, "check_model.py");
    const files = models.map(([file]) => file);
    const { stdout, stderr } = spawnSync(python, [script, ...files], { cwd: folder, encoding: "utf8" });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
