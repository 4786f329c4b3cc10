import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import type { EmitOptions } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { valuesOf } from "../../src/inspect/values.ts";
import { roundToFloat16, widenFloat16 } from "../../src/weights/half.ts";
import { type Case, sizes } from "./case.ts";
import { cases } from "./cases.ts";
import type { Data } from "./naive.ts";
import { Network } from "./network.ts";
import { emitWith, joined, largestDifference, run, sample } from "./running.ts";

/** The reference reads the weights as the model holds them: what is left are the roundings of what flows. */
const ways: readonly (Pick<EmitOptions, "dtype" | "keepIo"> & {
  readonly opsets: readonly number[];
  readonly precision: object;
  readonly allowed: number;
})[] = [
  {
    dtype: "f16",
    keepIo: "f32",
    opsets: [13, 18, 21],
    precision: { weights: "float16", flow: "float16", border: "float32" },
    allowed: 2 * 2 ** -11,
  },
  {
    dtype: "f16",
    keepIo: "none",
    opsets: [17],
    precision: { weights: "float16", flow: "float16", border: "float16" },
    allowed: 2 * 2 ** -11,
  },
  {
    dtype: "bf16",
    keepIo: "f32",
    opsets: [17],
    precision: { weights: "bfloat16", flow: "float32", border: "float32" },
    allowed: 1e-5,
  },
];

describe.each(ways)("$dtype, input and outputs kept: $keepIo", ({ dtype, keepIo, opsets, precision, allowed }) => {
  describe.each(Object.entries(cases))("%s", (_kind, ofKind) => {
    it.each(Object.entries(ofKind))("%s", async (_name, one) => {
      const { architecture, shape } = build(one);
      const drawn = sample([1, ...sizes(one.input)]);
      const input = { ...drawn, data: widenFloat16(roundToFloat16(drawn.data).bits) };
      for (const opset of opsets) {
        const model = emitWith(architecture, { opset, dtype, keepIo });
        const read = readModel(joined(model));
        const comparison = compareWithArchitecture(read, architecture, { batch: 1, sizes: new Map() });
        expect(comparison.differences).toEqual([]);
        const hasNumbers = dtype === "f16" || architecture.tensors.some((tensor) => tensor.dtype === "float32");
        if (hasNumbers) expect(comparison.precision).toEqual(precision);
        const held = (role: string): Data => valuesOf(read.graph.initializers.get(`layer.${role}`) as never);
        const expected = one.expected({ shape: sizes(one.input), data: [...input.data] }, held).data;
        const { output } = await run(model, input, keepIo === "none" ? "float16" : "float32");
        expect(output?.shape).toEqual([1, ...shape]);
        const greatest = Math.max(...expected.map(Math.abs));
        expect(largestDifference(output?.data ?? [], expected) / greatest, `opset ${opset}`).toBeLessThan(allowed);
      }
    });
  });
});

function build(one: Case): { readonly architecture: Architecture; readonly shape: readonly number[] } {
  const network = new Network(one.input);
  const last = one.build(network, network.input);
  return { architecture: network.architecture(last), shape: sizes(last.shape) };
}
