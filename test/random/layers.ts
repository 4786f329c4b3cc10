import type { Maker, Place, Shape } from "./program.ts";

type Image = Shape & { readonly h: number };

const onImage =
  (make: (at: Place, image: Image) => ReturnType<Maker>): Maker =>
  (at) =>
    at.shape.h === null ? null : make(at, at.shape as Image);

const plain =
  (text: string): Maker =>
  ({ shape }) => ({ text, shape });

/** A divisor of `of`, by choice. */
function divisor(at: Place, index: number, of: number): number {
  const divisors = Array.from({ length: of }, (_, i) => i + 1).filter((one) => of % one === 0);
  return divisors[at.pick(index, divisors.length)] as number;
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  /** Top, left, bottom, right. */
  readonly pad: readonly [number, number, number, number];
  readonly text: string;
}

/** Kernel, stride, dilation and padding, as one would write them. */
function windowOf(at: Place, pads: "conv" | "pool"): Window {
  const square = at.pick(0, 3) < 2;
  const side = 1 + at.pick(1, 4);
  const kernel: [number, number] = square ? [side, side] : [side, 1 + at.pick(2, 3)];
  const stride = 1 + at.pick(3, 3);
  const dilation = pads === "conv" ? 1 + at.pick(4, 2) : 1;
  const extents = kernel.map((k) => dilation * (k - 1) + 1) as [number, number];
  const half = extents.every((extent) => extent % 2 === 1);
  const most = pads === "pool" ? Math.min(...kernel) - 1 : 2;
  const size = square && at.pick(5, 2) === 0 ? `${side}` : `${kernel[0]}x${kernel[1]}`;
  const rest = `stride = ${stride}${dilation > 1 ? `, dilation = ${dilation}` : ""}`;
  if (half && (pads === "conv" || most >= (Math.max(...extents) - 1) / 2) && at.pick(5, 3) === 0) {
    const [y, x] = extents.map((extent) => (extent - 1) / 2) as [number, number];
    return { kernel, stride, dilation, pad: [y, x, y, x], text: `${size}, ${rest}, pad = half` };
  }
  const pad = [5, 6, 7, 4].map((index) => Math.min(most, at.pick(index, 3))) as [number, number, number, number];
  return { kernel, stride, dilation, pad, text: `${size}, ${rest}, pad = [${pad}]` };
}

/** What comes out along one side, null where the window does not fit. */
function slid(size: number, axis: 0 | 1, { kernel, stride, dilation, pad }: Window, ceil: boolean): number | null {
  const [before, after] = [pad[axis], pad[axis + 2] as number];
  const room = size + before + after - (dilation * (kernel[axis] - 1) + 1);
  if (room < 0) return null;
  const count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  return ceil && (count - 1) * stride >= size + before ? count - 1 : count;
}

const conv = onImage((at, { c, h, w }) => {
  const window = windowOf(at, "conv");
  const [height, width] = [slid(h, 0, window, false), slid(w, 1, window, false)];
  if (height === null || width === null) return null;
  const groups = divisor(at, 6, c);
  const channels = groups * (1 + at.pick(7, Math.max(1, Math.floor(16 / groups))));
  const [size, ...rest] = window.text.split(/, (?=stride)/);
  const more = `${groups > 1 ? `, groups = ${groups}` : ""}${at.pick(0, 2) === 0 ? ", bias = true" : ""}`;
  return { text: `conv(${size}, ${channels}, ${rest.join(", ")}${more})`, shape: { c: channels, h: height, w: width } };
});

const same = onImage((at, { c, h, w }) => {
  const [kernel, stride, channels] = [1 + at.pick(0, 4), 1 + at.pick(1, 3), 1 + at.pick(2, 12)];
  const shape = { c: channels, h: Math.ceil(h / stride), w: Math.ceil(w / stride) };
  return c < 1 ? null : { text: `conv(${kernel}, ${channels}, stride = ${stride}, pad = same)`, shape };
});

const deconv = onImage((at, { c, h, w }) => {
  const [kernel, stride, pad] = [1 + at.pick(0, 4), 1 + at.pick(1, 3), at.pick(2, 2)];
  const outpad = at.pick(3, stride);
  const groups = divisor(at, 4, c);
  const channels = groups * (1 + at.pick(5, 3));
  const grown = (side: number) => (side - 1) * stride + kernel + outpad - 2 * pad;
  if (grown(h) < 1 || grown(w) < 1) return null;
  const text = `deconv(${kernel}, ${channels}, stride = ${stride}, pad = ${pad}, outpad = ${outpad}, groups = ${groups})`;
  return { text, shape: { c: channels, h: grown(h), w: grown(w) } };
});

const pool = (kind: "maxpool" | "avgpool") =>
  onImage((at, { c, h, w }) => {
    const window = windowOf(at, "pool");
    const ceil = at.pick(6, 2) === 0;
    const [height, width] = [slid(h, 0, window, ceil), slid(w, 1, window, ceil)];
    if (height === null || width === null || (ceil && overhangs(h, w, window))) return null;
    const counted = kind === "avgpool" && at.pick(7, 2) === 0 ? ", countpad = false" : "";
    return { text: `${kind}(${window.text}, ceil = ${ceil}${counted})`, shape: { c, h: height, w: width } };
  });

/** Whether what `ceil` adds would reach the kernel: a padding that ONNX Runtime refuses. */
function overhangs(h: number, w: number, window: Window): boolean {
  return ([0, 1] as const).some((axis) => {
    const size = axis === 0 ? h : w;
    const count = slid(size, axis, window, true) ?? 1;
    const after = (count - 1) * window.stride + window.kernel[axis] - size - window.pad[axis];
    return after >= window.kernel[axis];
  });
}

const linear: Maker = (at) => {
  const features = 1 + at.pick(0, 16);
  const bias = at.pick(1, 2) === 0 ? ", bias = false" : "";
  return { text: `linear(${features}${bias})`, shape: { c: features, h: null, w: 1 } };
};

const slice: Maker = (at) => {
  const from = at.pick(0, at.shape.c);
  const to = from + 1 + at.pick(1, at.shape.c - from);
  return { text: `slice(${from}..${to})`, shape: { ...at.shape, c: to - from } };
};

const resized = (text: (at: Place) => string, c: (at: Place, channels: number) => number): Maker =>
  onImage((at, { h, w }) => ({ text: text(at), shape: { c: c(at, at.shape.c), h, w } }));

/** Of few values the deviation may be nearly 0, and what is divided by it is rounding error. */
const groupnorm = onImage((at, shape) => {
  const groups = divisor(at, 0, shape.c);
  return (shape.c / groups) * shape.h * shape.w < 8 ? null : { text: `groupnorm(${groups})`, shape };
});

const upsample = onImage((at, { c, h, w }) => {
  const [y, x] = [1 + at.pick(0, 3), 1 + at.pick(1, 2)];
  return { text: `upsample(${y}x${x})`, shape: { c, h: h * y, w: w * x } };
});

const pad = onImage((at, { c, h, w }) => {
  const [t, l, b, r] = [0, 1, 2, 3].map((index) => at.pick(index, 3)) as [number, number, number, number];
  const [before, after] = [at.pick(4, 3), at.pick(5, 3)];
  const text = `pad([${t}, ${l}, ${b}, ${r}], channels = [${before}, ${after}])`;
  return { text, shape: { c: c + before + after, h: h + t + b, w: w + l + r } };
});

const adaptive = onImage((at, { c, h, w }) => {
  const [y, x] = [1 + at.pick(0, h + 1), 1 + at.pick(1, w + 1)];
  return { text: `adaptiveavgpool(${y}x${x})`, shape: { c, h: y, w: x } };
});

/** One for each layer of the language, weightier ones again. */
export const layerMakers: readonly Maker[] = [
  conv,
  conv,
  same,
  deconv,
  linear,
  (at) => ({ text: at.pick(0, 4) === 0 ? "batchnorm(affine = false, eps = 1e-3)" : "batchnorm", shape: at.shape }),
  plain("batchnorm"),
  groupnorm,
  onImage((at, shape) => ({ text: `lrn(size = ${1 + 2 * at.pick(0, 3)}, alpha = 0.${1 + at.pick(1, 9)})`, shape })),
  plain("relu"),
  plain("relu6"),
  (at) => ({ text: `leakyrelu(0.${1 + at.pick(0, 9)})`, shape: at.shape }),
  plain("silu"),
  plain("hardswish"),
  plain("hardsigmoid"),
  plain("sigmoid"),
  plain("tanh"),
  plain("gelu"),
  plain("softmax"),
  pool("maxpool"),
  pool("avgpool"),
  resized(
    () => "channelavgpool",
    () => 1,
  ),
  resized(
    () => "channelmaxpool",
    () => 1,
  ),
  onImage((_at, { c }) => ({ text: "globalavgpool", shape: { c, h: 1, w: 1 } })),
  onImage((_at, { c }) => ({ text: "globalmaxpool", shape: { c, h: 1, w: 1 } })),
  adaptive,
  (at) => ({ text: `dropout(0.${at.pick(0, 9)})`, shape: at.shape }),
  (at) => ({ text: `droppath(0.${at.pick(0, 9)}, rescale = ${at.pick(1, 2) === 0})`, shape: at.shape }),
  ({ shape: { c, h, w } }) => ({ text: "flatten", shape: { c: c * (h ?? 1) * w, h: null, w: 1 } }),
  upsample,
  pad,
  slice,
  (at) => ({ text: `scale(${at.pick(0, 5) - 2}, shift = ${at.pick(1, 3) - 1})`, shape: at.shape }),
  (at) => ({ text: `shuffle(${divisor(at, 0, at.shape.c)})`, shape: at.shape }),
  (at) => ({ text: `unshuffle(${divisor(at, 0, at.shape.c)})`, shape: at.shape }),
  (at) => ({ text: `select(${1 + at.pick(0, 12)})`, shape: { ...at.shape, c: 1 + at.pick(0, 12) } }),
  resized(
    (at) => `scatter(${1 + at.pick(0, 12)})`,
    (at) => 1 + at.pick(0, 12),
  ),
];
