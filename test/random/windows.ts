import { number, options, size } from "./expression.ts";
import type { Image, Maker, Place, Shape } from "./place.ts";
import { divides, floorOver, least, plus, type Side, times } from "./side.ts";

export const onImage =
  (make: (at: Place, image: Image) => ReturnType<Maker>): Maker =>
  (at) =>
    at.shape.h === null ? null : make(at, at.shape as Image);

type Sides = readonly [number, number, number, number];

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pad: Sides | "half" | "same";
}

/** How many windows fit along one side, null where that is none or not known. */
function slid(side: Side, axis: 0 | 1, window: Window, ceil: boolean): Side | null {
  const [kernel, stride] = [window.kernel[axis], window.stride[axis]];
  const extent = window.dilation[axis] * (kernel - 1) + 1;
  if ((ceil || window.pad === "same") && !divides(side, stride)) return null;
  if (window.pad === "same") return floorOver(plus(side, stride - 1), stride);
  const half = (extent - 1) / 2;
  const [before, after] = window.pad === "half" ? [half, half] : [window.pad[axis], window.pad[axis + 2] as number];
  const room = plus(side, before + after - extent);
  if (least(room) < 0) return null;
  const count = plus(floorOver(ceil ? plus(room, stride - 1) : room, stride), 1);
  const isDropped = ceil && least(times(plus(count, -1), stride)) >= least(side) + before;
  return isDropped ? plus(count, -1) : count;
}

function slidShape(image: Image, c: number, window: Window, ceil = false): Shape | null {
  const [h, w] = [slid(image.h, 0, window, ceil), slid(image.w, 1, window, ceil)];
  return h === null || w === null ? null : { c, h, w };
}

function pair(at: Place, most: number): readonly [number, number] {
  const first = 1 + at.pick(most);
  return at.once(3) ? [first, 1 + at.pick(most)] : [first, first];
}

/** A padding, each side below `below`, with the ways to write it; null: left out, where that means 0. */
function padding(at: Place, below: number): { readonly pad: Sides; readonly text: string | null } {
  const [a, b, c, d] = [at.pick(below), at.pick(below), at.pick(below), at.pick(below)];
  return at.one([
    { pad: [0, 0, 0, 0], text: null },
    { pad: [a, a, a, a], text: number(at, a) },
    { pad: [a, b, a, b], text: `[${a}, ${b}]` },
    { pad: [a, b, c, d], text: `[${a}, ${b}, ${number(at, c)}, ${d}]` },
  ]);
}

/** `half` or `same`, where it is possible. */
function namedPadding(at: Place, kernel: readonly number[], dilation: readonly number[]): "half" | "same" | null {
  const isHalf = kernel.every((k, axis) => ((dilation[axis] as number) * (k - 1)) % 2 === 0);
  return at.one([isHalf ? "half" : null, null, "same", null]);
}

export const conv = onImage((at, image) => {
  const groups = at.once(3) ? at.divisor(image.c) : 1;
  const channels = groups * (1 + at.pick(Math.max(1, Math.floor(16 / groups))));
  const [kernel, stride, dilation] = [pair(at, 4), pair(at, 3), at.once(4) ? pair(at, 3) : ([1, 1] as const)];
  const word = namedPadding(at, kernel, dilation);
  const sides = padding(at, 3);
  const pad = word ?? sides.pad;
  const shape = slidShape(image, channels, { kernel, stride, dilation, pad });
  if (!shape) return null;
  const isLeftOut = pad === "half" && at.once(2);
  const given = options([
    ["stride", String(stride) === "1,1" ? null : size(at, ...stride)],
    ["pad", isLeftOut ? null : (word ?? sides.text ?? "0")],
    ["dilation", String(dilation) === "1,1" ? null : size(at, ...dilation)],
    ["groups", groups === 1 ? null : number(at, groups)],
    ["bias", at.one([null, "true", "false"])],
  ]);
  const required = at.one([
    `${size(at, ...kernel)}, ${number(at, channels)}`,
    `kernel = ${size(at, ...kernel)}, channels = ${channels}`,
  ]);
  return { text: `conv(${required}${given})`, shape };
});

export const deconv = onImage((at, image) => {
  const groups = at.once(3) ? at.divisor(image.c) : 1;
  const channels = groups * (1 + at.pick(4));
  const [kernel, stride] = [pair(at, 4), pair(at, 3)];
  const outpad = [at.pick(stride[0]), at.pick(stride[1])] as const;
  const { pad, text } = padding(at, 2);
  const grown = (side: Side, axis: 0 | 1) =>
    plus(times(plus(side, -1), stride[axis]), kernel[axis] + outpad[axis] - pad[axis] - (pad[axis + 2] as number));
  const [h, w] = [grown(image.h, 0), grown(image.w, 1)];
  if (least(h) < 1 || least(w) < 1) return null;
  const given = options([
    ["stride", String(stride) === "1,1" ? null : size(at, ...stride)],
    ["pad", text],
    ["outpad", String(outpad) === "0,0" ? null : size(at, ...outpad)],
    ["groups", groups === 1 ? null : number(at, groups)],
    ["bias", at.one([null, "true"])],
  ]);
  return { text: `deconv(${size(at, ...kernel)}, ${number(at, channels)}${given})`, shape: { c: channels, h, w } };
});

export const pool = (kind: "maxpool" | "avgpool"): Maker =>
  onImage((at, image) => {
    const [kernel, own] = [pair(at, 4), pair(at, 3)];
    const stride = at.once(3) ? kernel : own;
    const ceil = at.once(2);
    const word = namedPadding(at, kernel, [1, 1]);
    const sides = padding(at, Math.min(...kernel));
    const shape = slidShape(image, image.c, { kernel, stride, dilation: [1, 1], pad: word ?? sides.pad }, ceil);
    if (!shape) return null;
    const given = options([
      ["stride", stride === kernel ? null : size(at, ...stride)],
      ["pad", word ?? sides.text],
      ["ceil", ceil ? "true" : at.one([null, "false"])],
      ["countpad", kind === "avgpool" ? at.one([null, "false", "true"]) : null],
    ]);
    return { text: `${kind}(${size(at, ...kernel)}${given})`, shape };
  });
