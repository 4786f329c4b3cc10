import type { Dim, Padding, Pair, Shape } from "../ir.ts";
import { add, compare, divide, floor, formatQuantity, multiply, Poly, type Quantity, subtract } from "../symbolic.ts";
import type { PaddingValue } from "./arguments.ts";
import type { Input } from "./layer.ts";

/** A window that slides over the image: kernel, stride, padding and dilation, height before width. */
export interface Window {
  readonly kind: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad: PaddingValue;
  readonly dilation: Pair;
  /** Round the number of windows up instead of down. */
  readonly ceil: boolean;
}

export interface Slid {
  readonly height: Dim;
  readonly width: Dim;
  readonly pad: Padding;
  /** What `ceil` needs below and to the right beyond `pad`. */
  readonly extra: Pair;
}

type Image = Exclude<Shape, readonly [unknown]>;

/** How many windows fit along each side; null, reported, where the kernel does not fit or the padding is not whole. */
export function slide(window: Window, image: Image, input: Input): Slid | null {
  const vertical = slideAlong(0, window, image[1], input);
  const horizontal = slideAlong(1, window, image[2], input);
  if (!vertical || !horizontal) return null;
  return {
    height: vertical.size,
    width: horizontal.size,
    pad: [vertical.before, horizontal.before, vertical.after, horizontal.after],
    extra: [vertical.extra, horizontal.extra],
  };
}

interface Along {
  readonly size: Dim;
  readonly before: number;
  readonly after: number;
  readonly extra: number;
}

/** PyTorch: o = ⌊(i + before + after − d·(k−1) − 1)/s⌋ + 1, with ⌈ ⌉ for `ceil`. */
function slideAlong(axis: 0 | 1, window: Window, size: Dim, input: Input): Along | null {
  const [kernel, stride, dilation] = [window.kernel[axis], window.stride[axis], window.dilation[axis]];
  const extent = dilation * (kernel - 1) + 1;
  const pads = resolvePadding(axis, window, extent, size, input);
  if (!pads) return null;
  const [before, after] = pads;
  const padded = add(size, before + after);
  const given = input.assumptions;
  if (compare(padded, extent, given) === "less") {
    const facts = { kind: window.kind, side: sideName(axis), extent, padded };
    const stretched = dilation === 1 ? [] : [`dilation ${dilation} stretches the kernel of ${kernel} to ${extent}`];
    const notes = [`padded ${facts.side}: ${before} + ${formatQuantity(size)} + ${after}`, ...stretched];
    input.report("kernel-too-large", input.at("kernel"), facts, { related: input.related(), notes });
    return null;
  }
  const room = subtract(padded, extent);
  const fits = add(floor(divide(room, stride), given), 1) as Dim;
  if (!window.ceil) return { size: fits, before, after, extra: 0 };
  const rounded = subtract(1, floor(divide(subtract(0, room), stride), given));
  return finishCeil(axis, window, { size: rounded as Dim, fits, before, after }, size, extent, input);
}

/** The last window of `ceil` is dropped if it starts in the padding at the end, as in PyTorch. */
function finishCeil(
  axis: 0 | 1,
  window: Window,
  found: { size: Dim; fits: Dim; before: number; after: number },
  size: Dim,
  extent: number,
  input: Input,
): Along | null {
  const stride = window.stride[axis];
  const lastStart = multiply(subtract(found.size, 1), stride);
  const relation = compare(lastStart, add(size, found.before), input.assumptions);
  const dropped = relation === "equal" || relation === "greater" || relation === "at-least";
  const kept = relation === "less";
  const outputs = dropped ? (subtract(found.size, 1) as Dim) : found.size;
  const needed = subtract(add(multiply(subtract(outputs, 1), stride), extent), add(size, found.before + found.after));
  if ((!dropped && !kept) || needed instanceof Poly) {
    refuseSymbolic(window, "ceil", axis, size, input);
    return null;
  }
  return { size: outputs, before: found.before, after: found.after, extra: Math.max(0, Number(needed)) };
}

function resolvePadding(axis: 0 | 1, window: Window, extent: number, size: Dim, input: Input): Pair | null {
  const { pad } = window;
  if (pad === "half") {
    if (extent % 2 === 1) return [(extent - 1) / 2, (extent - 1) / 2];
    const whole = { kind: window.kind, kernel: window.kernel[axis], extent };
    input.report("half-not-whole", input.at("kernel"), whole);
    return null;
  }
  if (pad !== "same") return [pad[axis], pad[axis + 2] as number];
  const stride = window.stride[axis];
  const given = input.assumptions;
  const outputs = subtract(0, floor(divide(subtract(0, size), stride), given));
  const total = subtract(add(multiply(subtract(outputs, 1), stride), extent), size);
  const needed = total instanceof Poly && compare(total, 0, given) === "at-most" ? 0 : total;
  if (needed instanceof Poly) {
    refuseSymbolic(window, "same", axis, size, input);
    return null;
  }
  const all = Math.max(0, Number(needed));
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

function refuseSymbolic(window: Window, what: "ceil" | "same", axis: 0 | 1, size: Dim, input: Input): void {
  const argument = what === "ceil" ? "ceil" : "pad";
  const stride = window.stride[axis];
  input.report("padding-unknown", input.at(argument), { kind: window.kind, what, size: formatQuantity(size), stride });
}

/** How many pixels at the end of a side no window touches; null where that hangs on a symbolic size. */
export function uncovered(axis: 0 | 1, window: Window, slid: Slid, size: Dim, input: Input): Quantity | null {
  const outputs = axis === 0 ? slid.height : slid.width;
  const end = add(multiply(subtract(outputs, 1), window.stride[axis]), window.kernel[axis] - slid.pad[axis]);
  const left = subtract(size, end);
  return compare(left, 0, input.assumptions) === "greater" ? left : left instanceof Poly ? null : 0;
}

export function sideName(axis: 0 | 1): "height" | "width" {
  return axis === 0 ? "height" : "width";
}
