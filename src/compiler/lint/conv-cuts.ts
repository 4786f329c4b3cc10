import type { Op } from "../ir.ts";
import { plainRule } from "./rule.ts";

/** A strided convolution whose last window ends before the image does, so that no weight sees the pixels there. */
export const convCuts = plainRule({
  code: "lint-conv-cuts",
  *find({ ops }) {
    for (const op of ops) {
      if (op.kind !== "conv") continue;
      const cuts = ([0, 1] as const).flatMap((axis) => {
        const [left, size] = uncovered(op, axis);
        return left > 0 ? [`${left} of ${size} ${axis === 0 ? "rows" : "columns"}`] : [];
      });
      if (cuts.length > 0) yield { op, fact: { cuts } };
    }
  },
});

/** A kernel smaller than its stride is meant to skip pixels; symbolic sizes are not looked at. */
function uncovered(
  { inputs, output, settings }: Op & { kind: "conv" },
  axis: 0 | 1,
): readonly [left: number, of: number] {
  const [size, windows] = [inputs[0]?.shape[axis + 1], output.shape[axis + 1]];
  const stride = settings.stride[axis];
  const extent = settings.dilation[axis] * (settings.kernel[axis] - 1) + 1;
  if (typeof size !== "number" || typeof windows !== "number" || extent < stride) return [0, 0];
  return [size - ((windows - 1) * stride + extent - settings.pad[axis]), size];
}
