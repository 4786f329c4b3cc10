import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { emit } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { compileFile } from "../compiling.ts";
import { cases } from "../emit/cases.ts";
import { Network } from "../emit/network.ts";
import { defaults, emitWith, joined } from "../emit/running.ts";

const noSizes = new Map<string, number>();

describe("a model of one op", () => {
  for (const [kind, ofKind] of Object.entries(cases)) {
    it.each(Object.entries(ofKind))(`${kind}, %s`, (_name, one) => {
      const network = new Network(one.input);
      const architecture = network.architecture(one.build(network, network.input));
      for (const opset of [13, 18, 21]) {
        const model = readModel(joined(emitWith(architecture, { opset })));
        expect(model.opset).toBe(opset);
        const { differences } = compareWithArchitecture(model, architecture, { batch: 2, sizes: noSizes });
        expect(differences, `opset ${opset}`).toEqual([]);
      }
    });
  }
});

/** One small network of each file: the reader sees structure, not values. */
describe("the examples, read back", () => {
  for (const file of readdirSync("examples").filter((name) => name.endsWith(".dnet"))) {
    it(file, () => {
      const { networks } = compileFile(`examples/${file}`);
      const [first] = networks;
      const { architectures } = compileFile(`examples/${file}`, file, { network: first ?? null });
      for (const architecture of architectures) {
        for (const fold of [false, true]) {
          const weights = initialise(architecture, { init: "zeros", seed: 0 });
          const bytes = joined(emit(architecture, weights, { ...defaults, fold }));
          const sizes = new Map([...architecture.assumptions.symbols.keys()].map((name) => [name, 64]));
          const options = {
            batch: 3,
            sizes:
              sizes.size > 0
                ? sizes
                : new Map([
                    ["H", 64],
                    ["W", 96],
                  ]),
          };
          const comparison = compareWithArchitecture(readModel(bytes), architecture, options);
          expect(comparison.differences).toEqual([]);
          const isNormalisedAfterwards = !/densenet-cifar|tiramisu/.test(file);
          expect(comparison.folded.size > 0).toBe(fold && isNormalisedAfterwards);
        }
      }
    });
  }
});
