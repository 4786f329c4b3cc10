import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { checkRecorded } from "../../src/cli/verification/recorded-tensors.ts";
import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { type EmitOptions, emit } from "../../src/emit/emit.ts";
import { lowerings } from "../../src/emit/lower.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { ModelFault } from "../../src/inspect/fault.ts";
import { readModel } from "../../src/inspect/model.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { compileText } from "../compiling.ts";
import { deep } from "../deep.ts";
import { defaults, joined } from "../emit/running.ts";
import { changed, type Graph } from "./changed.ts";
import * as corruptions from "./corruptions.ts";

/** Every kind of op. */
const program = `network Every {
  input image[3, 12, 12]
  stem: conv(3x3, 8, stride = 2, bias = true) norm: batchnorm act: relu
  lrn: lrn(size = 3) clip: relu6 leaky: leakyrelu(0.1) silu: silu -> a
  group: groupnorm(2) swish: hardswish hsig: hardsigmoid sig: sigmoid tanh: tanh gelu: gelu soft: softmax
  plain: batchnorm(affine = false) scaled: scale(0.5, shift = 0.25)
  concat { branch { left: conv(3x3, 4, groups = 2) } branch { shuffle: shuffle(2) un: unshuffle(2) cut: slice(0..4) } }
  add(a)
  concat { branch { max: maxpool(3, stride = 1, pad = 1) } branch { avg: avgpool(3, stride = 1, pad = 1) } }
  round: avgpool(2, stride = 2, pad = 1, ceil = true) up: upsample(2) adapt: adaptiveavgpool(5)
  padded: pad(1, channels = 2) standardize { std: conv(1x1, 8) } drop: dropout(0.1) path: droppath(0.2, rescale = false)
  deconv: deconv(2x2, 8, stride = 2) picked: select(6) spread: scatter(8) -> b
  mul { branch { from b ca: channelavgpool } branch { from b } branch { from b gmax: globalmaxpool } } -> c
  mul { branch { from b cm: channelmaxpool } branch { from c } }
  mean { branch { } branch { from c } branch { from b } }
  output side
  gavg: globalavgpool fl: flatten lin: linear(6)
}`;

const architecture = compileText(program).architectures[0] as Architecture;
const layers = architecture.ops.map((op) => op.name);

it("the network has every kind of op", () => {
  expect([...new Set(architecture.ops.map((op) => op.kind))].sort()).toEqual(Object.keys(lowerings).sort());
});

/** What a change may do without a word, since the model computes the same: nothing else may. */
const neutral: readonly {
  readonly why: string;
  readonly is: (what: string, where: string, type: string) => boolean;
}[] = [
  {
    why: "the default of ONNX stands for what is left out",
    is: (what, _where, type) => withDefault.has(`${type} ${what}`),
  },
  {
    why: "who wrote the model is no part of the network, and of weights from elsewhere no more is known",
    is: (what) => /^dnetc\.((version|source\.sha256) is (another|gone)|init is another)$/.test(what),
  },
  {
    why: "between the nodes of one layer an open size may have any name",
    is: (what, where) => what === "size 0 as it is stated" && !layers.includes(where),
  },
];

const withDefault = new Set([
  "Conv without group",
  "Conv without kernel_shape",
  "Conv without pads",
  "Conv without strides",
  "ConvTranspose without group",
  "ConvTranspose without kernel_shape",
  "ConvTranspose without output_padding",
  "ConvTranspose without pads",
  "AveragePool without count_include_pad",
  "AveragePool without pads",
  "MaxPool without strides",
  "AveragePool without strides",
  "BatchNormalization without epsilon",
  "BatchNormalization without momentum",
  "InstanceNormalization without epsilon",
  "LRN without alpha",
  "LRN without beta",
  "LRN without bias",
  "Flatten without axis",
  "HardSigmoid without beta",
  "Pad without mode",
  "Resize without mode",
  "ReduceMean without keepdims",
  "ReduceMax without keepdims",
]);

/** Of many changes every `step`th is made. */
interface Way extends Pick<EmitOptions, "opset" | "fold" | "dtype" | "keepIo"> {
  readonly step: number;
}

const halves: readonly Way[] = [
  { opset: 17, fold: false, dtype: "f16", keepIo: "f32", step: 20 },
  { opset: 17, fold: true, dtype: "bf16", keepIo: "f32", step: 20 },
];

const ways: readonly Way[] = deep
  ? [13, 17, 18, 20, 21].flatMap((opset) =>
      [false, true].flatMap((fold) => [
        { opset, fold, dtype: "f32", keepIo: "f32", step: 1 } as const,
        ...halves.map((way) => ({ ...way, opset, fold, step: 1 })),
      ]),
    )
  : [{ opset: 17, fold: false, dtype: "f32", keepIo: "f32", step: 3 }, ...halves];

describe.each(ways)("a model of opset $opset in $dtype, folded: $fold", ({ step, ...options }) => {
  const { params, macs } = count(architecture);
  const provenance = { ...defaults.provenance, params, macs };
  const weights = initialise(architecture, { init: "he", seed: 0 });
  const bytes = joined(emit(architecture, weights, { ...defaults, ...options, provenance }));
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  const graph = model.graph as Graph;

  it("is found to be right", async () => {
    expect(await found(bytes)).toBeNull();
  });

  it.each(Object.entries(corruptions))("%s", async (_kind, changesOf) => {
    const wrong: string[] = [];
    const all = changesOf(graph, model).filter((_, i, { length }) => i % step === 0 || (length < 100 && step < 20));
    for (const { what, where, alsoAt = where, apply } of all) {
      const type = graph.node?.find((node) => node.name === where)?.opType ?? "";
      const first = await found(changed(bytes, apply));
      const isNeutral = neutral.some(({ is }) => is(what, where, type));
      const names = (message: string) =>
        message.startsWith(`${where} `) || [where, alsoAt].map(layerOf).includes(layerIn(message));
      // A cast at the border belongs to no layer: the layer beside it is named, which then reads or makes something else.
      const isNamed = first !== null && (type === "Cast" || names(first));
      if (!isNamed && !(first === null && isNeutral)) wrong.push(`${where}: ${type} ${what}: ${first}`);
    }
    expect(all.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });
});

/** What the first message says; null where there is none. */
async function found(bytes: Uint8Array): Promise<string | null> {
  try {
    const model = readModel(bytes);
    const comparison = compareWithArchitecture(model, architecture, { batch: 2, sizes: new Map() });
    const [first] = [...comparison.differences, ...(await checkRecorded(model, architecture, comparison, false))];
    return first ? `${first.where} ${first.problem}` : null;
  } catch (error) {
    if (error instanceof ModelFault) return error.message;
    throw error;
  }
}

/** The first layer that a message names; "the model" where it names none. */
function layerIn(message: string): string {
  const words = message.split(/[ ,:]+/);
  return words.map(layerOf).find((layer) => layer !== "the model") ?? "the model";
}

/** The layer to which a node or a tensor of this name belongs. */
function layerOf(name: string): string {
  return layers.find((layer) => name === layer || name.startsWith(`${layer}.`)) ?? "the model";
}
