import type { OpOf } from "../compiler/ir.ts";
import type { PackedColumns } from "./matrix-product.ts";
import { type Sample, type Sides, sidesOf } from "./sample.ts";

/** The patches under the windows of a convolution: the columns that its filters are multiplied with. */
export interface Patches {
  /** The input with the padding around it. */
  readonly image: Sample;
  readonly output: Sides;
  readonly settings: OpOf<"conv">["settings"];
  /** The first input channel, and how many values of it and those after it a patch has. */
  readonly channel: number;
  readonly depth: number;
}

/** Some windows from `window` on, and some of the depth of each. */
export interface Part extends PackedColumns {
  readonly window: number;
}

/** Values that are packed at a time: 256 KiB, which stay in a cache while all filters pass. */
const heldValues = 32_768;
/** Of the depth: four filters and two patches of it stay in the nearest cache. */
const heldDepth = 384;

/** All parts of the matrix, each in the memory of the one before it. */
export function* packedPatches(patches: Patches): Generator<Part> {
  const { pixels } = patches.output;
  const most = Math.min(patches.depth, heldDepth);
  const held = Math.min(pixels, Math.max(2, Math.floor(heldValues / most / 2) * 2));
  const values = new Float64Array(Math.ceil(held / 2) * panelOf(most));
  for (let window = 0; window < pixels; window += held) {
    const columns = Math.min(held, pixels - window);
    for (let first = 0; first < patches.depth; first += most) {
      const depth = Math.min(most, patches.depth - first);
      const part = { values, columns, panel: panelOf(depth), first, depth, window };
      // What an earlier part has left beside an odd last column is multiplied, too, but never read.
      for (let k = 0; k < depth; k++) packTap(patches, part, k);
      yield part;
    }
  }
}

/** Not a power of two: the panels of a tap would otherwise fall onto the same few lines of a cache. */
function panelOf(depth: number): number {
  return 2 * (depth | 1) + 8;
}

/** Value k of every patch: what lies under one tap of the kernel, in one channel, as the windows move on. */
function packTap({ image, output, settings, channel }: Patches, { values, panel, columns, ...part }: Part, k: number) {
  const [kh, kw] = settings.kernel;
  const { height, width } = sidesOf(image.shape);
  const v = (part.first + k) % kw;
  const u = Math.floor((part.first + k) / kw) % kh;
  const c = channel + Math.floor((part.first + k) / (kw * kh));
  const tap = (c * height + u * settings.dilation[0]) * width + v * settings.dilation[1];
  const [down, right] = [settings.stride[0] * width, settings.stride[1]];
  let i = Math.floor(part.window / output.width);
  let j = part.window % output.width;
  for (let at = 0; at < columns; i++, j = 0) {
    const end = Math.min(columns, at + output.width - j);
    let from = tap + i * down + j * right;
    for (; at < end; at = (at + 1) | 0, from = (from + right) | 0) {
      values[((at >> 1) * panel + 2 * k + (at & 1)) | 0] = image.data[from] as number;
    }
  }
}
