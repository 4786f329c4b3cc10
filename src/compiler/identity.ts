import type { Activation, Op } from "./ir.ts";

/** Does the op pass its input on unchanged at inference, so that it needs no node and no memory? */
export function isIdentity(op: Op): boolean {
  switch (op.kind) {
    case "dropout":
      return true;
    case "droppath":
      return op.settings.rescale || op.settings.rate === 0;
    case "scale":
      return op.settings.factor === 1 && op.settings.shift === 0;
    case "upsample":
      return op.settings.factor[0] === 1 && op.settings.factor[1] === 1;
    case "pad":
      return [...op.settings.pad, ...op.settings.channels].every((side) => side === 0);
    case "adaptiveavgpool": {
      const shape = op.inputs[0]?.shape;
      return shape?.[1] === op.settings.size[0] && shape[2] === op.settings.size[1];
    }
    case "shuffle":
    case "unshuffle":
      return op.settings.groups === 1 || op.settings.groups === op.output.shape[0];
    case "flatten":
      return op.inputs[0]?.shape.length === 1;
    case "slice":
      return op.settings.from === 0 && op.settings.to === op.inputs[0]?.shape[0];
    default:
      return false;
  }
}

/** The tensor that is there at inference: an op that does nothing passes on its input. */
export function behindIdentities(activation: Activation): Activation {
  let at = activation;
  while (at.maker && isIdentity(at.maker)) at = at.maker.inputs[0] as Activation;
  return at;
}
