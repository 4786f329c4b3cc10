import * as ort from "onnxruntime-node";
import type { Architecture } from "../../src/compiler/ir.ts";
import { emit } from "../../src/emit/emit.ts";
import type { Dtype, KeepIo } from "../../src/emit/precision.ts";
import { type Comparison, compareWithArchitecture } from "../../src/inspect/compare.ts";
import { type Model, readModel } from "../../src/inspect/model.ts";
import { evaluate } from "../../src/reference/evaluate.ts";
import { feedsOf } from "../../src/runtime/feeds.ts";
import { type RandomInput, randomInput } from "../../src/verification/input.ts";
import { weightsOfModel } from "../../src/verification/model-weights.ts";
import { evaluateWithVerificationWeights } from "../../src/verification/verification-weights.ts";
import type { Weights } from "../../src/weights/weights.ts";
import { defaults, joined } from "../emit/running.ts";
import { checkProgram } from "./checked.ts";
import { type Figures, Judge } from "./judge.ts";
import type { RandomProgram } from "./program.ts";

export interface Options {
  readonly opset: number;
  readonly fold: boolean;
  /** A fixed batch; null leaves it open, and the model is run at several. */
  readonly batch: number | null;
  readonly dtype: Dtype;
  readonly keepIo: KeepIo;
}

/** Throws, with what is wrong, where a valid program is refused, or where its model is not what the program says. */
export async function verifyProgram(program: RandomProgram, options: Options, figures: Figures): Promise<void> {
  const given = program.sizes.length > 0 ? program.sizes : [closed];
  for (const architecture of checkProgram(program)) {
    const sizes = architecture.assumptions.symbols.size > 0 ? given : [closed];
    await verifyNetwork(architecture, sizes, options, figures);
  }
}

type Sizes = ReadonlyMap<string, number>;

const closed: Sizes = new Map();

/** The largest first. */
const batches = [3, 1, 2] as const;

async function verifyNetwork(
  architecture: Architecture,
  given: readonly Sizes[],
  options: Options,
  figures: Figures,
): Promise<void> {
  const sizes = given[0] ?? closed;
  const batch = inputAt(architecture, sizes).samples;
  const { weights, outputs } = evaluateWithVerificationWeights(architecture, { seed: 1n, batch, sizes });
  const bytes = emitted(architecture, weights, options);
  const model = readModel(bytes);
  if (options.dtype !== "f32") return verifyHalf({ architecture, bytes, model, sizes, batch }, options, figures);
  const sessions = [await open(bytes, "all"), await open(bytes, "disabled")];
  try {
    const subject = { architecture, weights, model, sessions, batch: options.batch };
    // What the file holds must be the same network, also where normalisations were folded.
    const comparison = compareWithArchitecture(model, architecture, { batch: options.batch ?? 2, sizes });
    const held = weightsOfModel(model.graph, architecture, comparison);
    const stored = evaluate(architecture, held, batch, { sizes });
    const judge = new Judge(architecture, weights, { samples: batch, sizes, expected: outputs }, figures);
    judge.judge("with the weights of the model", batch.length, (name) => {
      return Float32Array.from((stored.get(name) ?? []).flatMap(({ data }) => [...data]));
    });
    for (const sizes of given) await verifyAt(sizes, subject, figures);
  } finally {
    for (const session of sessions) await session.release();
  }
}

interface Half {
  readonly architecture: Architecture;
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly sizes: Sizes;
  readonly batch: RandomInput["samples"];
}

/**
 * A model in half precision is the network to the reader, and runs. With weights in bfloat16 it computes what the
 * reference does with them; how far float16 may lead random layers from it is not known.
 */
async function verifyHalf(half: Half, { dtype, keepIo, batch }: Options, figures: Figures): Promise<void> {
  const { architecture, bytes, model, sizes } = half;
  const comparison = requireSame(model, architecture, batch ?? 2, sizes);
  const type = dtype === "f16" && keepIo === "none" ? "float16" : "float32";
  const { name, shape, data } = inputAt(architecture, sizes);
  const length = batch ?? half.batch.length;
  const input = {
    name,
    shape: [length, ...shape.slice(1)],
    data: data.slice(0, (data.length / (shape[0] as number)) * length),
    type,
  } as const;
  const session = await open(bytes, "all");
  try {
    const results = await session.run(feedsOf(ort, input));
    if (dtype !== "bf16") return;
    const weights = weightsOfModel(model.graph, architecture, comparison);
    const samples = half.batch.slice(0, length);
    const expected = evaluate(architecture, weights, samples, { sizes });
    const judge = new Judge(architecture, weights, { samples, sizes, expected }, figures);
    judge.judge("in bfloat16", length, (output) => results[output]?.data as Float32Array);
  } finally {
    await session.release();
  }
}

function requireSame(model: Model, architecture: Architecture, batch: number, sizes: Sizes): Comparison {
  const comparison = compareWithArchitecture(model, architecture, { batch, sizes });
  const { differences } = comparison;
  if (differences.length > 0) throw new Error(differences.map((one) => `${one.where} ${one.problem}`).join("\n"));
  return comparison;
}

interface Subject {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly model: Model;
  /** Optimised and not. */
  readonly sessions: readonly ort.InferenceSession[];
  readonly batch: number | null;
}

async function verifyAt(sizes: Sizes, subject: Subject, figures: Figures): Promise<void> {
  const { architecture, weights, model, sessions, batch } = subject;
  requireSame(model, architecture, batch ?? 2, sizes);
  const input = inputAt(architecture, sizes);
  const expected = evaluate(architecture, weights, input.samples, { sizes });
  const judge = new Judge(architecture, weights, { samples: input.samples, sizes, expected }, figures);
  for (const [i, session] of sessions.entries()) {
    for (const length of batch === null ? batches : [batch]) {
      const results = await run(session, input, length);
      judge.judge(i === 0 ? "optimised" : "not optimised", length, (name) => results[name]?.data as Float32Array);
    }
  }
}

/** Samples for the largest batch; a smaller one takes the first of them. */
function inputAt(architecture: Architecture, sizes: Sizes): RandomInput {
  return randomInput(architecture, { batch: batches[0], seed: 1n, sizes });
}

function emitted(architecture: Architecture, weights: Weights, options: Options): Uint8Array {
  const make = () => joined(emit(architecture, weights, { ...defaults, ...options }));
  const bytes = make();
  if (Buffer.compare(bytes, make()) !== 0) throw new Error("the model has other bytes when it is written again");
  return bytes;
}

function open(bytes: Uint8Array, graphOptimizationLevel: "all" | "disabled"): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { graphOptimizationLevel, intraOpNumThreads: 1, logSeverityLevel: 3 });
}

async function run(session: ort.InferenceSession, input: RandomInput, batch: number) {
  const length = (input.data.length / input.samples.length) * batch;
  const shape = [batch, ...input.shape.slice(1)];
  return await session.run({ [input.name]: new ort.Tensor("float32", input.data.slice(0, length), shape) });
}
