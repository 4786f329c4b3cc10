import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Bench } from "tinybench";
import { compile, count, defaultLimits, emit, evaluate, initialise } from "../dist/index.js";
import { table } from "./table.mjs";

const text = readFileSync(new URL("../examples/densenet-121.dnet", import.meta.url), "utf8");

/** What takes how long in a process that has done it before; `time`: milliseconds for each. */
export async function measureInProcess(time) {
  const architecture = check(text);
  const weights = initialise(architecture, { init: "he", seed: 0 });
  const values = architecture.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const bench = new Bench({ time, warmupTime: time / 4 })
    .add("check DenseNet-121 | 5 ms", () => check(text))
    .add("count DenseNet-121 |", () => count(architecture))
    .add("emit DenseNet-121, without the weights |", () => emitStructure(architecture))
    .add(`He initialisation, ${(values / 1e6).toFixed(1)} million values |`, () => {
      for (const tensor of architecture.tensors) weights.data(tensor);
    });
  await bench.run();
  // Seconds each: a few rounds are enough.
  const reference = new Bench({ time: 0, warmup: false, iterations: 3 })
    .add("reference, DenseNet-121 at 64² | 1 s", () => evaluateAt(64))
    .add("reference, DenseNet-121 at 224² | 8 s", () => evaluateAt(224));
  await reference.run();
  const rows = [...bench.tasks, ...reference.tasks].map(({ name, result }) => {
    if (!result.latency) throw result.error ?? new Error(`${name} has no result`);
    const [what, promised] = name.split(" |");
    return [what, result.latency.p50.toFixed(2), result.latency.min.toFixed(2), promised.trim()];
  });
  return table(["", "median ms", "least ms", "promised"], rows);
}

export function check(source) {
  const options = { load: () => null, network: null, set: new Map(), dims: new Map(), limits: defaultLimits };
  const { architectures, diagnostics } = compile({ path: "bench.dnet", text: source }, options);
  if (!architectures[0]) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return architectures[0];
}

/** What the float64 reference makes of one image of so many pixels a side, with fresh weights. */
function evaluateAt(side) {
  // The counts that the file states hold at its own size.
  const architecture = check(text.replace("224, 224", `${side}, ${side}`).replaceAll(/expect .*/g, ""));
  const image = { shape: [3, side, side], data: Float64Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i)) };
  return evaluate(architecture, initialise(architecture, { init: "he", seed: 0 }), [image], { sizes: new Map() });
}

/** All of the model but the values of the tensors, which are made when its chunks are read. */
export function emitStructure(architecture) {
  const provenance = { version: "0", sourceHash: "", init: "he", seed: 0, params: 0, macs: 0 };
  const options = {
    opset: 17,
    batch: null,
    fold: false,
    provenance,
    sha256: () => createHash("sha256"),
    external: null,
    dtype: "f32",
    keepIo: "f32",
  };
  return emit(architecture, initialise(architecture, { init: "he", seed: 0 }), options);
}
