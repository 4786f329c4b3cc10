import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type EmittedModel, emit } from "../../src/emit/emit.ts";
import { madeHere } from "../../src/emit/pieces.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { type Model, readModel } from "../../src/inspect/model.ts";
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

const external = { when: "always", checksum: false, location: () => "values.bin" } as const;

/** Without the values beside the model, which are not looked at. */
function structureOf(model: EmittedModel): Model {
  const file = Buffer.concat([
    ...madeHere(model.file({ digest: "0".repeat(64), checksum: null }), createHash("sha256")),
  ]);
  return readModel(file, () => () => {
    throw new Error("no value is needed");
  });
}

/** One network of each file: the reader sees structure, not values. */
describe("the examples, read back", () => {
  for (const file of readdirSync("examples").filter((name) => name.endsWith(".dnet"))) {
    it(file, () => {
      const { networks } = compileFile(`examples/${file}`);
      const [first] = networks;
      const { architectures } = compileFile(`examples/${file}`, file, { network: first ?? null });
      for (const architecture of architectures) {
        for (const fold of [false, true]) {
          const weights = initialise(architecture, { init: "zeros", seed: 0 });
          const model = structureOf(emit(architecture, weights, { ...defaults, fold, external }));
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
          const comparison = compareWithArchitecture(model, architecture, options);
          expect(comparison.differences).toEqual([]);
          const left = model.graph.nodes.filter((node) => node.type === "BatchNormalization").length;
          const written = architecture.ops.filter((op) => op.kind === "batchnorm").length;
          expect(comparison.folded.size).toBe(written - left);
          if (!fold) expect(left).toBe(written);
        }
      }
    });
  }
});
