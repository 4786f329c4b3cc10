import { describe, expect, it } from "vitest";
import type { EmittedModel } from "../../src/emit/emit.ts";
import { type Case, sizes } from "./case.ts";
import { cases } from "./cases.ts";
import type { Sample } from "./naive.ts";
import { Network } from "./network.ts";
import {
  allOpsets,
  decode,
  emitWith,
  inferredShapes,
  largestDifference,
  randomWeights,
  run,
  sample,
  statedShapes,
} from "./running.ts";

const batch = 2;

describe.each(Object.entries(cases))("%s", (_kind, ofKind) => {
  it.each(Object.entries(ofKind))("%s", async (_name, one) => {
    const { architecture, output } = build(one);
    const input = sample([batch, ...sizes(one.input)]);
    const expected = expectedOutput(one, input.data);
    for (const opset of allOpsets) {
      const model = emitWith(architecture, { opset });
      const results = await run(model, input);
      expect(results.output?.shape, `opset ${opset}`).toEqual([batch, ...output]);
      expect(largestDifference(results.output?.data ?? [], expected), `opset ${opset}`).toBeLessThan(2e-5);
      await expectInferredShapes(model, opset);
    }
  });
});

/**
 * What the file states of every tensor is what ONNX Runtime infers: all of it, but for Resize by scales, which loses
 * the name of the batch.
 */
async function expectInferredShapes(model: EmittedModel, opset: number): Promise<void> {
  const [stated, inferred] = [statedShapes(model), await inferredShapes(model)];
  expect([...inferred.keys()].sort()).toEqual([...stated.keys()].sort());
  const types = new Map(decode(model).graph?.node?.map((node) => [node.output?.[0], node.opType]));
  for (const [name, shape] of stated) {
    const found = inferred.get(name) ?? [];
    const withBatch = types.get(name) === "Resize" && found[0] === "" ? ["N", ...found.slice(1)] : found;
    expect(withBatch, `${name}, opset ${opset}`).toEqual(shape);
  }
}

function build(one: Case) {
  const network = new Network(one.input);
  const last = one.build(network, network.input);
  return { architecture: network.architecture(last), output: last.shape };
}

function expectedOutput(one: Case, input: Float32Array): readonly number[] {
  const { architecture } = build(one);
  const weights = randomWeights(architecture);
  const tensor = (role: string) => {
    const found = architecture.tensors.find((stored) => stored.name === `layer.${role}`);
    if (!found) throw new Error(`no ${role}`);
    return weights.data(found) as Float32Array;
  };
  return samplesOf(input, sizes(one.input)).flatMap((x) => [...one.expected(x, tensor).data]);
}

function samplesOf(input: Float32Array, shape: readonly number[]): readonly Sample[] {
  const size = input.length / batch;
  return Array.from({ length: batch }, (_, n) => {
    return { shape, data: [...input.slice(n * size, (n + 1) * size)] };
  });
}
