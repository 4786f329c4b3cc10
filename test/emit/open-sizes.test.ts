import { describe, expect, it } from "vitest";
import type { Architecture, Shape } from "../../src/compiler/ir.ts";
import { substitute } from "../../src/compiler/symbolic.ts";
import { compileText } from "../compiling.ts";
import { emitWith, run, sample, statedShapes } from "./running.ts";

const unet = `
block Twice(c) { conv(3x3, c) batchnorm relu conv(3x3, c) batchnorm relu }
network UNet(base = 4, levels = 2) {
  input image[3, H, W]
  require H % 4 == 0 and W % 4 == 0
  for i in 0..levels { Twice(base * 2 ^ i) -> skip[i] maxpool(2) }
  Twice(base * 2 ^ levels)
  output deepest
  for i in reverse(0..levels) { deconv(2x2, base * 2 ^ i, stride = 2) concat(skip[i]) Twice(base * 2 ^ i) }
  conv(1x1, 2, bias = true)
}`;

const floors = `
network Floors {
  input image[3, H, W]
  conv(7x7, 4, stride = 2) output first
  maxpool(3x3, stride = 2, pad = 1) output pooled
  dense(2, 2) transition(0.5) output halved
  conv(3x3, 4, stride = 3) output third
  deconv(3x3, 4, stride = 2) upsample(2x1) pad([1, 2])
}`;

const square = `
network Square {
  input image[3, H, H]
  conv(3x3, 4, stride = 2) -> x maxpool(3, stride = 1, pad = 1) concat(x) output joined
  shuffle(2) groupnorm(2) gate { globalavgpool sigmoid } conv(5x5, 2, pad = [1, 2])
}`;

describe("a model with open sizes runs at every size that meets the assumptions, with the shapes that were counted", () => {
  it.each([
    [
      "UNet",
      unet,
      [
        [4, 4],
        [8, 12],
        [32, 20],
        [64, 64],
      ],
    ],
    [
      "Floors",
      floors,
      [
        [32, 48],
        [33, 47],
        [35, 64],
        [64, 31],
        [49, 50],
      ],
    ],
    [
      "Square",
      square,
      [
        [8, 8],
        [9, 9],
        [31, 31],
      ],
    ],
  ] as const)("%s", async (_, text, sizes) => {
    const { architectures, diagnostics } = compileText(text);
    expect(diagnostics).toEqual([]);
    const [architecture] = architectures as readonly [Architecture];
    const model = emitWith(architecture);
    for (const [H, W] of sizes) {
      const known = (shape: Shape) =>
        shape.map((size) =>
          Number(
            substitute(
              size,
              new Map([
                ["H", H],
                ["W", W],
              ]),
            ),
          ),
        );
      const results = await run(model, sample([2, 3, H, W]));
      for (const { name, activation } of architecture.outputs) {
        expect([name, ...(results[name]?.shape ?? [])]).toEqual([name, 2, ...known(activation.shape)]);
      }
    }
  });

  it("and names them in the file as the statistics do", () => {
    const [architecture] = compileText(floors).architectures as readonly [Architecture];
    const stated = statedShapes(emitWith(architecture));
    expect(stated.get("pooled")).toEqual(["N", 4, "floor((H + 3)/4)", "floor((W + 3)/4)"]);
    expect(stated.get("output")?.slice(2)).toEqual(["4*floor((H + 19)/24) + 4", "2*floor((W + 19)/24) + 5"]);
  });
});
