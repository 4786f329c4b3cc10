import type { Op } from "../ir.ts";
import { plainRule } from "./rule.ts";

/** Weights that meet nothing but padding, as the image has become smaller than the kernel. */
export const idleTaps = plainRule({
  code: "lint-idle-taps",
  *find({ ops }) {
    for (const op of ops) {
      if (op.kind !== "conv") continue;
      const [, height, width] = op.inputs[0]?.shape ?? [];
      const met = tapsMet(op, 0, height) * tapsMet(op, 1, width);
      const taps = op.settings.kernel[0] * op.settings.kernel[1];
      if (met < taps) yield { op, fact: { met, taps, image: `${height}×${width}` } };
    }
  },
});

/** How many rows or columns of the kernel meet the image in some window; all of them where that is not known. */
function tapsMet({ settings, output }: Op & { kind: "conv" }, axis: 0 | 1, size: unknown): number {
  const kernel = settings.kernel[axis];
  const windows = output.shape[axis + 1];
  if (typeof size !== "number" || typeof windows !== "number" || kernel > largestKernel) return kernel;
  let met = 0;
  for (let tap = 0; tap < kernel; tap++) {
    const first = tap * settings.dilation[axis] - settings.pad[axis];
    const window = Math.max(0, Math.ceil(-first / settings.stride[axis]));
    if (window < windows && first + window * settings.stride[axis] < size) met++;
  }
  return met;
}

/** Looking at each tap of a larger one is not worth the time. */
const largestKernel = 64;
