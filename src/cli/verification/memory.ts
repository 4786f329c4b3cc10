import { concreteShape } from "../../compiler/concrete.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { memoryHere } from "../../runtime/memory-here.ts";
import { elementsOf } from "../../weights/weights.ts";
import { exitCodes, Failure } from "../failure.ts";
import { roughlyBytes } from "../figures.ts";

/** Refuses a verification that cannot end well: activations of the reference that this machine has no memory for. */
export function refuseBeyondMemory(
  architecture: Architecture,
  sizes: ReadonlyMap<string, number>,
  batch: number,
): void {
  const needed = batch * largestStep(architecture, sizes);
  const there = memoryHere();
  if (needed <= there) return;
  const help = batch > 1 ? "take a smaller --batch" : "take smaller sizes with --dim";
  throw new Failure(
    exitCodes.limit,
    `to verify ${architecture.name} needs ${roughlyBytes(needed)} of memory, and there are ${roughlyBytes(there)}`,
    help,
  );
}

/** For one image: what the reference holds at least at once, in float64, while an op reads its inputs and makes its output. */
function largestStep({ input, ops }: Architecture, sizes: ReadonlyMap<string, number>): number {
  const bytesOf = ({ shape }: Architecture["input"]["activation"]) => 8 * elementsOf(concreteShape(shape, sizes));
  const steps = ops.map((op) => [...op.inputs, op.output].reduce((sum, one) => sum + bytesOf(one), 0));
  return Math.max(bytesOf(input.activation), ...steps);
}
