import type { LayerStats, Stats } from "../../compiler/count.ts";
import type { Architecture, DenseBlock, Shape } from "../../compiler/ir.ts";
import { bytesOf, type Memory, type Peak } from "../../compiler/memory.ts";
import { positionAt } from "../../compiler/source.ts";
import { type Json, layOutJson, quantityJson, shapeJson, valueJson } from "../json.ts";
import { derivation, lastWindow, peakOf } from "./totals.ts";

/** What `stats --format json` prints; `schemas/stats.schema.json` describes it. Fields are only ever added. */
export function statsJson(architecture: Architecture, stats: Stats): string {
  return layOutJson({
    schemaVersion: 1,
    ...networkJson(architecture, stats),
    denseBlocks: architecture.denseBlocks.map(denseBlockJson),
    layers: stats.layers.map(layerJson),
    tensors: stats.tensors.map((one) => ({ name: one.name, shape: one.shape, dtype: one.dtype, kind: one.kind })),
  });
}

/** What is said of a network as a whole, in its own statistics and in a summary. */
export function networkJson(architecture: Architecture, stats: Stats): { readonly [name: string]: Json } {
  const { name, source, parameters, input, outputs } = architecture;
  const window = lastWindow(stats);
  return {
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
    memory: memoryJson(stats.memory, input.name),
    receptiveField: window && { size: window.receptiveField, layer: window.op.name },
  };
}

function memoryJson(memory: Memory, input: string): Json {
  const { weightBytes, activationBytes, concatBytes, sharedConcatBytes, peaks } = memory;
  const [only, ...others] = peaks;
  return {
    weightBytes: quantityJson(weightBytes),
    activationBytes: quantityJson(activationBytes),
    peakBytes: peakJson(memory),
    concatBytes: quantityJson(concatBytes),
    sharedConcatBytes: sharedConcatBytes === null ? null : quantityJson(sharedConcatBytes),
    peakLayer: only && others.length === 0 ? only.op.name : null,
    peaks: peaks.map((one) => peakAtJson(one, input)),
  };
}

/** `max(…)` of what symbolic sizes decide between. */
export function peakJson(memory: Memory): number | string | null {
  const peak = peakOf(memory).map(quantityJson);
  return peak.length > 1 ? `max(${peak.join(", ")})` : (peak[0] ?? null);
}

function peakAtJson({ bytes, op, alive }: Peak, input: string): Json {
  const tensors = alive.map((one) => ({
    layer: one.maker?.name ?? input,
    shape: shapeJson(one.shape),
    bytes: quantityJson(bytesOf(one)),
  }));
  return { bytes: quantityJson(bytes), layer: op.name, alive: tensors };
}

function denseBlockJson(block: DenseBlock): Json {
  return {
    name: block.path,
    layers: block.layers,
    inputChannels: block.k0,
    growth: block.growth,
    bottleneck: block.bottleneck,
    keep: block.keep,
    output: shapeJson(block.output.shape),
    derivation: derivation(block),
  };
}

function layerJson(layer: LayerStats): Json {
  const { op, training, params, buffers, macs, aliveBytes, receptiveField } = layer;
  const { source, start } = op.site.span;
  const { line, column } = positionAt(source, start);
  return {
    name: op.name,
    kind: op.kind,
    input: shapeJson(firstInput(layer)),
    output: shapeJson(op.output.shape),
    params: quantityJson(params),
    buffers: quantityJson(buffers),
    macs: quantityJson(macs),
    source: { file: source.path, line, column },
    training,
    aliveBytes: quantityJson(aliveBytes),
    receptiveField,
  };
}

/** Of a join, the first of its branches. */
export function firstInput({ op }: LayerStats): Shape {
  const [first] = op.inputs;
  if (!first) throw new Error("a layer without an input");
  return first.shape;
}
