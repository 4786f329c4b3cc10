import type * as Ort from "onnxruntime-node";
import { concreteShape, smallestSizes } from "../compiler/concrete.ts";
import type { Architecture } from "../compiler/ir.ts";
import { loadRuntime } from "./load-runtime.ts";

/** What one run of a model has shown. */
export interface RunReport {
  /** Version of ONNX Runtime. */
  readonly runtime: string;
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** The sizes chosen for the symbolic ones. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly milliseconds: number;
  /** What is not as the compiler says; empty where the model holds. */
  readonly problems: readonly string[];
}

/**
 * Loads an ONNX file into ONNX Runtime on the CPU, runs it once on random input from `seed`, and compares the names
 * and shapes of the outputs with the architecture; every value must be finite. Symbolic sizes are the smallest that
 * meet the assumptions. A refusal of the runtime is a problem like others. Throws RuntimeMissing.
 */
export async function runModel(
  file: string,
  architecture: Architecture,
  options: { readonly batch: number; readonly seed: bigint },
): Promise<RunReport> {
  const ort = await loadRuntime();
  const sizes = smallestSizes(architecture);
  const started = performance.now();
  const report = { runtime: ort.env.versions.node ?? ort.env.versions.common, sizes };
  const since = () => performance.now() - started;
  try {
    const session = await ort.InferenceSession.create(file, { executionProviders: ["cpu"], logSeverityLevel: 3 });
    try {
      const { name, activation } = architecture.input;
      const shape = [options.batch, ...concreteShape(activation.shape, sizes)];
      const results = await session.run({
        [name]: new ort.Tensor("float32", randomValues(shape, options.seed), shape),
      });
      const outputs = session.outputNames.map((one) => ({ name: one, shape: results[one]?.dims ?? [] }));
      const problems = findProblems(architecture, results, options.batch, sizes);
      return { ...report, outputs, problems, milliseconds: since() };
    } finally {
      await session.release();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...report, outputs: [], problems: [`ONNX Runtime refuses it: ${reason}`], milliseconds: since() };
  }
}

/** Uniform in −1 … 1, the same for the same seed. */
function randomValues(shape: readonly number[], seed: bigint): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  let state = Number(BigInt.asUintN(32, seed)) || 1;
  for (let index = 0; index < values.length; index++) {
    // Marsaglia's xorshift with the shifts 13, 17, 5.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[index] = state / 2 ** 31;
  }
  return values;
}

function findProblems(
  { outputs }: Architecture,
  results: Ort.InferenceSession.OnnxValueMapType,
  batch: number,
  sizes: ReadonlyMap<string, number>,
): readonly string[] {
  const problems: string[] = [];
  const expected = outputs.map((one) => one.name);
  if (String(expected) !== String(Object.keys(results))) {
    problems.push(`its outputs are ${Object.keys(results).join(", ")}, and should be ${expected.join(", ")}`);
  }
  for (const { name, activation } of outputs) {
    const result = results[name];
    if (!result) continue;
    const shape = [batch, ...concreteShape(activation.shape, sizes)];
    if (String(result.dims) !== String(shape)) {
      problems.push(`${name} is [${result.dims.join(", ")}], and should be [${shape.join(", ")}]`);
    }
    const strange = Array.from(result.data as Float32Array).filter((value) => !Number.isFinite(value)).length;
    if (strange > 0) problems.push(`${strange} of ${result.size} values of ${name} are not finite`);
  }
  return problems;
}
