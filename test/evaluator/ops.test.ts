import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/reference/evaluate.ts";
import { type Case, sizes } from "../emit/case.ts";
import { cases } from "../emit/cases.ts";
import { Network } from "../emit/network.ts";
import { randomWeights, sample } from "../emit/running.ts";

/** Every kind of op, against a second computation that is as plain as can be. */
describe.each(Object.entries(cases))("%s", (_kind, ofKind) => {
  it.each(Object.entries(ofKind))("%s", (_name, one) => {
    const architecture = built(one);
    const weights = randomWeights(architecture);
    const shape = sizes(one.input);
    const data = Float64Array.from(sample(shape).data);
    const tensor = (role: string) => {
      const found = architecture.tensors.find((stored) => stored.name === `layer.${role}`);
      if (!found) throw new Error(`no ${role}`);
      return weights.data(found) as Float32Array;
    };
    const expected = one.expected({ shape, data: [...data] }, tensor);
    const [output] = evaluate(architecture, weights, [{ shape, data }], { sizes: new Map() }).get("output") ?? [];
    expect(output?.shape).toEqual(sizes(architecture.outputs[0]?.activation.shape ?? [1]));
    expect(output?.data.length).toBe(expected.data.length);
    for (const [i, value] of expected.data.entries()) expect(output?.data[i]).toBeCloseTo(value, 11);
  });
});

function built(one: Case) {
  const network = new Network(one.input);
  return network.architecture(one.build(network, network.input));
}
