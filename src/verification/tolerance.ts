import type { Activation, Architecture, Op } from "../compiler/ir.ts";
import type { Precision } from "../inspect/casts.ts";
import type { Device } from "../runtime/device.ts";

/**
 * How far a correct model may be from the float64 reference, relative to the greatest value of a tensor.
 *
 * A sum of K products has a rounding error of about √K·u, u = 2^−24 in float32 (Higham and Mary, "A New Approach to
 * Probabilistic Rounding Error Analysis", 2019); the errors of the layers on a path add up like independent ones. So the
 * error of an output is about u·√ΣK over the layers that reach it on its longest path; a multiple of that is allowed,
 * and never less than a floor. Where float16 flows, each layer rounds what it makes once more, with u = 2^−11, and on
 * some devices what it sums up, too.
 */
export function tolerances(
  architecture: Architecture,
  flow: Precision["flow"] = "float32",
  device: Device = "cpu",
): ReadonlyMap<Activation, number> {
  const isHalf = flow === "float16";
  const ofSums = isHalf && sumsInHalf.has(device) ? half : single;
  const ofResults = isHalf ? half.unit ** 2 : 0;
  const least = isHalf ? half.floor : single.floor;
  const squares = new Map<Activation, number>([[architecture.input.activation, 0]]);
  for (const op of architecture.ops) {
    const longest = Math.max(...op.inputs.map((input) => squares.get(input) ?? 0));
    squares.set(op.output, longest + reductionOf(op) * ofSums.unit ** 2 + ofResults);
  }
  return new Map([...squares].map(([activation, square]) => [activation, Math.max(least, Math.sqrt(square))]));
}

/**
 * What is allowed for a rounding, with its margin: float16 needs less of it, as the layers that follow sum up what was
 * rounded. The floor is for tensors of few values, of which the greatest may be what is left of a difference.
 */
const single = { unit: 8 * 2 ** -24, floor: 1e-4 };
const half = { unit: 2 * 2 ** -11, floor: 8 * 2 ** -11 };

/** ONNX Runtime's kernels for them sum up in the type of what they make, those of the others in float32. */
const sumsInHalf: ReadonlySet<Device> = new Set(["webgpu"]);

/** How many numbers are summed up for one value of the output; 1 where each is made by itself. */
export function reductionOf(op: Op): number {
  switch (op.kind) {
    case "conv":
      return (op.settings.inChannels / op.settings.groups) * op.settings.kernel[0] * op.settings.kernel[1];
    case "deconv":
      return (op.settings.inChannels / op.settings.groups) * op.settings.kernel[0] * op.settings.kernel[1];
    case "linear":
      return op.settings.inFeatures;
    case "scatter":
      return op.settings.inChannels;
    default:
      return 1;
  }
}
