import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { smallestSizes } from "../../src/compiler/concrete.ts";
import { emit } from "../../src/emit/emit.ts";
import { madeHere } from "../../src/emit/pieces.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { defaults } from "../emit/running.ts";
import { exampleFiles, wholeNetworks } from "./small.ts";

const networks = exampleFiles.flatMap(wholeNetworks).map((one) => [one.name, one] as const);

/** Without its large tensors even the model of a giant is made and read back in no time. */
describe("every network of the examples compiles as it is to the model that it says", () => {
  it.each(networks)("%s", (_, architecture) => {
    const external = { when: "always", checksum: false, location: () => "values.bin" } as const;
    const model = emit(architecture, initialise(architecture, { init: "zeros", seed: 0 }), { ...defaults, external });
    const seal = { digest: "0".repeat(64), checksum: null };
    const file = Buffer.concat([...madeHere(model.file(seal), createHash("sha256"))]);
    expect(file.length).toBe(model.bytes);
    const places: { offset: number; length: number }[] = [];
    const read = readModel(file, (_tensor, place) => {
      places.push(place);
      return () => {
        throw new Error("no value is needed");
      };
    });
    const sizes = smallestSizes(architecture) ?? new Map<string, number>();
    expect(compareWithArchitecture(read, architecture, { batch: 1, sizes }).differences).toEqual([]);
    expect(Math.max(0, ...places.map(({ offset, length }) => offset + length))).toBe(model.data?.bytes ?? 0);
  });
});
