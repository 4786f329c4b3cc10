import type { Op } from "../compiler/ir.ts";
import type { Device } from "../runtime/device.ts";

/**
 * What ONNX Runtime is known to compute wrongly of a layer that differs; null where that explains nothing. Its WebGPU
 * reads channels in vectors of 4, 3 or 2: by 3 it takes the wrong place of the image where there are several vectors,
 * and in groups it chooses the vector by all channels, which then reaches into the next group.
 */
export function knownFault(op: Op, device: Device): string | null {
  if (device !== "webgpu" || op.kind !== "conv") return null;
  const { inChannels, channels, groups } = op.settings;
  if (groups === 1) {
    const byThree = inChannels % 3 === 0 && inChannels % 4 !== 0 && inChannels !== 3 && channels % 4 === 0;
    return byThree ? `a convolution of ${inChannels} channels to ${channels}` : null;
  }
  const inGroup = channels / groups;
  const vector = [4, 2].find((size) => channels % size === 0) ?? 1;
  return inGroup >= 4 && inGroup % vector !== 0 ? `a convolution to ${groups} groups of ${inGroup} channels` : null;
}
