import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import { type EmitOptions, emit, largestModel } from "../../src/emit/emit.ts";
import { madeHere, type Piece } from "../../src/emit/pieces.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { deep } from "../deep.ts";
import { cases } from "../emit/cases.ts";
import { denseNet121 } from "../emit/densenet.ts";
import { Network } from "../emit/network.ts";
import { defaults, emitWith, joined } from "../emit/running.ts";
import { exampleFiles, tensorBytes, typicalNetworks, wholeNetworks } from "../examples/small.ts";

/** Debian's python3-onnx is 1.12, which knows opsets up to 17. */
const python = "/usr/bin/python3";
const opsets = [13, 14, 15, 16, 17] as const;
/** In bytes. Larger files take the checker seconds, and hold nothing but more of the same layers. */
const largestChecked = deep ? largestModel : 30e6;
/** The small ones in one process, as most of the time is what Python takes to start. */
const batches: readonly (readonly [title: string, networks: () => readonly Architecture[]])[] = deep
  ? exampleFiles.map((file) => [file, () => wholeNetworks(file)])
  : [["networks of the examples, made small", typicalNetworks]];
const missing = spawnSync(python, ["-c", "import onnx"]).status !== 0;
const title = missing ? "the ONNX checker: skipped, apt install python3-onnx to run it" : "the ONNX checker";

describe.skipIf(missing)(title, () => {
  it.each(opsets)("accepts every kind of op at opset %i", (opset) => {
    const models = modelsOfCases({ opset });
    expect(check(models)).toBe(models.map(([file]) => `ok ${file}\n`).join(""));
  });

  it("accepts every kind of op in half precision", () => {
    const ways = [
      { dtype: "f16", keepIo: "f32" },
      { dtype: "f16", keepIo: "none", opset: 13 },
      { dtype: "bf16", keepIo: "f32" },
    ] as const;
    const models = ways.flatMap((way) => modelsOfCases({ opset: 17, ...way }, `${way.dtype}-${way.keepIo}-`));
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

  it("accepts values beside the model, and misses them where they are gone", () => {
    const location = () => "values.data";
    const model = emitWith(denseNet121(), { external: { when: "always", checksum: false, location } });
    const files = (pieces: Iterable<Piece> = []) => Buffer.concat([...madeHere(pieces, createHash("sha256"))]);
    const written = files(model.file({ digest: "0".repeat(64), checksum: null }));
    expect(check([["model.onnx", written]], { "values.data": files(model.data?.pieces) })).toBe("ok model.onnx\n");
    expect(check([["model.onnx", written]])).toMatch(/^model\.onnx: .*values\.data/);
  });

  it.each(batches)("accepts %s", (_title, networksOf) => {
    const networks = networksOf().filter((one) => tensorBytes(one) < largestChecked);
    expect(networks.length).toBeGreaterThan(0);
    function* models() {
      for (const architecture of networks) {
        const model = emit(architecture, initialise(architecture, { init: "zeros", seed: 0 }), defaults);
        yield [`${architecture.name}.onnx`, joined(model)] as const;
      }
    }
    expect(check(models())).toBe(networks.map(({ name }) => `ok ${name}.onnx\n`).join(""));
  });

  it("refuses a model that is broken", () => {
    const model = Buffer.from(joined(emitWith(denseNet121()))).toString("latin1");
    const broken = Buffer.from(model.replace("GlobalAveragePool", "GlobalAveragePoox"), "latin1");
    expect(check([["broken.onnx", broken]])).toMatch(/^broken\.onnx: .*GlobalAveragePoox/);
  });
});

/** A model of each case, and its file. */
function modelsOfCases(options: Partial<EmitOptions>, title = ""): readonly (readonly [string, Uint8Array])[] {
  return Object.entries(cases).flatMap(([kind, ofKind]) => {
    return Object.values(ofKind).map((one, i) => {
      const network = new Network(one.input);
      const architecture = network.architecture(one.build(network, network.input));
      return [`${title}${kind}-${i}.onnx`, joined(emitWith(architecture, options))] as const;
    });
  });
}

/** What the script says of the models. */
function check(
  models: Iterable<readonly [file: string, model: Uint8Array]>,
  beside: Readonly<Record<string, Uint8Array>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "dnetc-checker-"));
  try {
    for (const [file, content] of Object.entries(beside)) writeFileSync(join(folder, file), content);
    const files: string[] = [];
    for (const [file, model] of models) {
      writeFileSync(join(folder, file), model);
      files.push(file);
    }
    const script = join(import.meta.dirname, "check_model.py");
    const { stdout, stderr } = spawnSync(python, [script, ...files], { cwd: folder, encoding: "utf8" });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
