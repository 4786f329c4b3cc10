import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import {
  formatQuantity,
  Greatest,
  multiply,
  noAssumptions,
  type Quantity,
  substitute,
  symbol,
} from "../../src/compiler/symbolic.ts";
import { network } from "./checking.ts";

const memoryOf = (statements: string, input = "3, 8, 8") => count(network(statements, input)).memory;
const namesOf = (peak: ReturnType<typeof memoryOf>["peaks"][number] | undefined) =>
  peak?.alive.map(({ maker }) => maker?.name ?? "the input");

describe("the peak", () => {
  it("names the layer that runs, and what is there", () => {
    const { peaks } = memoryOf("conv(1x1, 4) conv(1x1, 30) conv(1x1, 4)");
    expect(peaks.map(({ op }) => op.name)).toEqual(["conv2"]);
    expect(namesOf(peaks[0])).toEqual(["conv1", "conv2"]);
    const later = memoryOf("conv(1x1, 4) -> x relu conv(1x1, 30) add { branch { conv(1x1, 4) } branch { from x } }");
    expect(namesOf(later.peaks[0])).toEqual(["conv1", "relu1", "conv2"]);
  });

  it("keeps the outputs of the network to the end", () => {
    const { peaks } = memoryOf("conv(1x1, 40) output a conv(1x1, 1) conv(1x1, 30)");
    expect(namesOf(peaks[0])).toEqual(["conv1", "conv2", "conv3"]);
  });

  it("is the first of several that are alike", () => {
    expect(memoryOf("relu tanh sigmoid").peaks.map(({ op }) => op.name)).toEqual(["relu1"]);
  });

  const stem = "conv(7x7, 16, stride = 2) batchnorm relu maxpool(3, stride = 2, pad = 1) dense(4, 8)";

  it("is one polynomial where the assumptions decide", () => {
    const { peakBytes } = memoryOf(`require H % 4 == 0 and W % 4 == 0 ${stem}`, "3, H, W");
    expect(peakBytes && formatQuantity(peakBytes)).toBe("32·H·W");
  });

  it("is the greatest of its candidates at every size", () => {
    const { peaks, peakBytes } = memoryOf(stem, "3, H, W");
    expect([peaks.length, peakBytes]).toEqual([2, null]);
    for (const [H, W] of [
      [1, 1],
      [7, 9],
      [32, 32],
      [33, 34],
      [225, 64],
    ] as const) {
      const sizes = new Map([
        ["H", H],
        ["W", W],
      ]);
      const most = Math.max(...peaks.map(({ bytes }) => Number(substitute(bytes, sizes))));
      expect(most).toBe(memoryOf(stem, `3, ${H}, ${W}`).peakBytes);
    }
  });

  it("stays open where too many could be it", () => {
    const greatest = new Greatest<null>(noAssumptions);
    const powers = (name: string, times: number) => Array(times).fill(symbol(name)) as readonly Quantity[];
    for (let i = 0; i < 6; i++) {
      greatest.offer([...powers("H", i), ...powers("W", 5 - i)].reduce(multiply), null);
    }
    expect(greatest.candidates).toBeNull();
  });
});

describe("what training keeps where concatenations are made again", () => {
  const image = 8 * 8 * 4;

  it("is one buffer for each kind of layer that reads them", () => {
    const { activationBytes, concatBytes, sharedConcatBytes } = memoryOf("dense(3, 4)");
    expect(concatBytes).toBe((7 + 11 + 15) * image);
    expect(activationBytes).toBe((33 + 2 * (3 + 7 + 11) + 3 * 4) * image);
    // The first normalisation and ReLU read the input, which is kept; then 15 of Concat, 11 of each of the others.
    expect(sharedConcatBytes).toBe((2 * 3 + 3 * 4 + 15 + 11 + 11) * image);
  });

  it("is everything where nothing is concatenated", () => {
    const { activationBytes, sharedConcatBytes } = memoryOf("conv(3x3, 4) batchnorm relu conv(3x3, 4)");
    expect(sharedConcatBytes).toBe(activationBytes);
  });
});
