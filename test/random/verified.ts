import * as ort from "onnxruntime-node";
import type { Architecture } from "../../src/compiler/ir.ts";
import { emit } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { compareTensors } from "../../src/verification/differences.ts";
import { randomInput } from "../../src/verification/input.ts";
import { tolerances } from "../../src/verification/tolerance.ts";
import { evaluateWithVerificationWeights } from "../../src/verification/verification-weights.ts";
import { compileText } from "../compiling.ts";
import { defaults, joined } from "../emit/running.ts";

export interface Options {
  readonly opset: number;
  readonly fold: boolean;
}

/** Throws, with what is wrong, where a valid program is refused, or where its model is not what the program says. */
export async function verifyProgram(text: string, { opset, fold }: Options): Promise<void> {
  const { diagnostics, architectures } = compileText(text);
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((one) => `${one.code}: ${one.message}`).join("\n"));
  for (const architecture of architectures) await verifyNetwork(architecture, opset, fold);
}

async function verifyNetwork(architecture: Architecture, opset: number, fold: boolean): Promise<void> {
  const sizes = new Map<string, number>();
  const input = randomInput(architecture, { batch: 2, seed: 1n, sizes });
  const { weights, outputs } = evaluateWithVerificationWeights(architecture, { seed: 1n, batch: input.samples, sizes });
  const bytes = joined(emit(architecture, weights, { ...defaults, opset, fold }));
  const { differences } = compareWithArchitecture(readModel(bytes), architecture, { batch: 2, sizes });
  if (differences.length > 0) throw new Error(differences.map((one) => `${one.where} ${one.problem}`).join("\n"));
  const allowed = tolerances(architecture);
  for (const level of ["all", "disabled"] as const) {
    const results = await runAt(level, bytes, input);
    for (const { name, activation } of architecture.outputs) {
      const found = results[name]?.data as Float32Array;
      const { maxRelError, nonFinite } = compareTensors(found, outputs.get(name) ?? []);
      const tolerance = allowed.get(activation) ?? 0;
      if (nonFinite > 0) throw new Error(`${name}: ${nonFinite} values are not finite, optimised: ${level}`);
      if (!(maxRelError <= tolerance)) throw new Error(`${name}: ${maxRelError} > ${tolerance}, optimised: ${level}`);
    }
  }
}

async function runAt(level: "all" | "disabled", bytes: Uint8Array, input: ReturnType<typeof randomInput>) {
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: level,
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    return await session.run({ [input.name]: new ort.Tensor("float32", input.data, [...input.shape]) });
  } finally {
    await session.release();
  }
}
