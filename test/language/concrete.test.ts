import { describe, expect, it } from "vitest";
import { smallestSizes, usualSizes } from "../../src/compiler/concrete.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { compileText } from "../compiling.ts";

const small = (body: string) => smallestSizes(network(body));

describe("the sizes at which a network with open sizes is run", () => {
  it("are small, and meet what is assumed", () => {
    expect(small("input image[3, H, W] relu")).toEqual(
      new Map([
        ["H", 16],
        ["W", 16],
      ]),
    );
    expect(small("input image[3, H, H] require H % 12 == 0 relu")).toEqual(new Map([["H", 24]]));
    expect(small("input image[3, H, W] require H >= 40 relu")).toEqual(
      new Map([
        ["H", 40],
        ["W", 16],
      ]),
    );
    expect(small("input image[3, H, H] require H <= 9 relu")).toEqual(new Map([["H", 9]]));
  });

  it("leave every layer a pixel, and are the least that do", () => {
    const halvings = "input image[3, H, H] repeat 6 { conv(3x3, 2, stride = 2, pad = 0) }";
    expect(small(halvings)).toEqual(new Map([["H", 127]]));
    expect(small(`${halvings} globalavgpool`)).toEqual(new Map([["H", 127]]));
    expect(small("input image[3, H, H] require H % 32 == 0 repeat 6 { maxpool(2) }")).toEqual(new Map([["H", 64]]));
  });

  it("are usual ones where they are drawn", () => {
    expect(usualSizes(network("input image[3, H, W] require H % 100 == 0 relu"))).toEqual(
      new Map([
        ["H", 300],
        ["W", 224],
      ]),
    );
  });
});

function network(body: string): Architecture {
  return compileText(`network Open { ${body} }`).architectures[0] as Architecture;
}
