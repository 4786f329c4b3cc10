import type { LayerStats, Stats } from "../compiler/count.ts";
import type { Architecture, Shape } from "../compiler/ir.ts";
import { positionAt } from "../compiler/source.ts";
import { type Json, layOutJson, quantityJson, shapeJson, valueJson } from "./json.ts";

/** What `stats --format json` prints. Fields are only ever added. */
export function statsJson(architecture: Architecture, stats: Stats): string {
  const { name, source, parameters, input, outputs } = architecture;
  const { memory } = stats;
  return layOutJson({
    schemaVersion: 1,
    network: name,
    file: source.path,
    parameters: Object.fromEntries(parameters.map((one) => [one.name, valueJson(one.value)])),
    input: { name: input.name, shape: shapeJson(input.activation.shape) },
    outputs: outputs.map((one) => ({ name: one.name, shape: shapeJson(one.activation.shape) })),
    params: quantityJson(stats.params),
    buffers: quantityJson(stats.buffers),
    macs: quantityJson(stats.macs),
    flops: quantityJson(stats.flops),
    depth: stats.depth,
    memory: {
      weightBytes: quantityJson(memory.weightBytes),
      activationBytes: quantityJson(memory.activationBytes),
      peakBytes: memory.peakBytes === null ? null : quantityJson(memory.peakBytes),
      concatBytes: quantityJson(memory.concatBytes),
    },
    layers: stats.layers.map(layerJson),
    tensors: stats.tensors.map((one) => ({ name: one.name, shape: one.shape, dtype: one.dtype, kind: one.kind })),
  });
}

function layerJson({ op, params, buffers, macs }: LayerStats): Json {
  const { source, start } = op.site.span;
  const { line, column } = positionAt(source, start);
  return {
    name: op.name,
    kind: op.kind,
    input: shapeJson(firstInput(op.inputs)),
    output: shapeJson(op.output.shape),
    params: quantityJson(params),
    buffers: quantityJson(buffers),
    macs: quantityJson(macs),
    source: { file: source.path, line, column },
  };
}

/** Of a join, the first of its branches. */
function firstInput(inputs: readonly { readonly shape: Shape }[]): Shape {
  const [first] = inputs;
  if (!first) throw new Error("a layer without an input");
  return first.shape;
}
