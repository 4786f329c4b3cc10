import { expect, it } from "vitest";
import { knownFault } from "../../src/verification/known-faults.ts";
import { compileText } from "../compiling.ts";

it.each([
  [9, "conv(3x3, 4)", "a convolution of 9 channels to 4"],
  [9, "conv(3x3, 5)", null],
  [3, "conv(3x3, 4)", null],
  [12, "conv(3x3, 4)", null],
  [2, "conv(3x3, 12, groups = 2)", "a convolution to 2 groups of 6 channels"],
  [2, "conv(3x3, 10, groups = 2)", "a convolution to 2 groups of 5 channels"],
  [3, "conv(3x3, 18, groups = 3)", null],
  [8, "conv(3x3, 16, groups = 2)", null],
  [6, "relu", null],
])("of %i channels, %s: %s", (channels, layer, fault) => {
  const { architectures } = compileText(`network Net { input image[${channels}, 6, 6] ${layer} }`);
  const op = architectures[0]?.ops[0];
  expect(op && knownFault(op, "webgpu")).toBe(fault);
  expect(op && knownFault(op, "cpu")).toBeNull();
});
