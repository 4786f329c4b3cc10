import { number, operand, options, size } from "./expression.ts";
import { isImage, type Maker } from "./place.ts";
import { most, plus, times } from "./side.ts";
import { conv, deconv, onImage, pool } from "./windows.ts";

const plain =
  (text: string): Maker =>
  ({ shape }) => ({ text, shape });

const linear: Maker = (at) => {
  const { c, h, w } = at.shape;
  // Of an image whose size is open the features are not known.
  if (h !== null && (typeof h !== "number" || typeof w !== "number")) return null;
  if (h !== null && c * most(h) * most(w) > 1024) return null;
  const features = 1 + at.pick(16);
  const given = options([["bias", at.one([null, "false", "true"])]]);
  return { text: `linear(${number(at, features)}${given})`, shape: { c: features, h: null, w: 1 } };
};

const batchnorm: Maker = (at) => {
  const given = options([
    ["eps", at.one([null, "1e-3", "0.01", "1 / 4096"])],
    ["momentum", at.one([null, "0.01"])],
    ["affine", at.one([null, "false", "true"])],
  ]).slice(2);
  return { text: given === "" ? "batchnorm" : `batchnorm(${given})`, shape: at.shape };
};

const groupnorm = onImage((at, shape) => {
  const given = options([["eps", at.one([null, "1e-3", "0.5"])]]);
  return { text: `groupnorm(${number(at, at.divisor(shape.c))}${given})`, shape };
});

const lrn = onImage((at, shape) => {
  const given = options([
    ["size", at.one([null, "1", "3", "2 * 3 + 1"])],
    ["alpha", at.one([null, "0.1", "1/2"])],
    ["beta", at.one([null, "0.5", "1"])],
    ["bias", at.one([null, "2", "0.5"])],
  ]).slice(2);
  return { text: given === "" ? "lrn()" : `lrn(${given})`, shape };
});

const slice: Maker = (at) => {
  const from = at.pick(at.shape.c);
  const to = from + 1 + at.pick(at.shape.c - from);
  return { text: `slice(${operand(at, from)}..${operand(at, to)})`, shape: { ...at.shape, c: to - from } };
};

const upsample = onImage((at, { c, h, w }) => {
  const [y, x] = [1 + at.pick(3), 1 + at.pick(2)];
  return { text: `upsample(${size(at, y, x)})`, shape: { c, h: times(h, y), w: times(w, x) } };
});

const pad = onImage((at, { c, h, w }) => {
  const [t, l, b, r] = [at.pick(3), at.pick(3), at.pick(3), at.pick(3)];
  const [before, after] = [at.pick(3), at.pick(3)];
  const [sides, text] = at.one([
    [[t, t, t, t], number(at, t)],
    [[t, l, t, l], `[${t}, ${l}]`],
    [[t, l, b, r], `[${t}, ${l}, ${b}, ${r}]`],
  ] as const);
  const [more, channels] = at.one([
    [0, ""],
    [after, `, channels = ${number(at, after)}`],
    [before + after, `, channels = [${before}, ${after}]`],
  ] as const);
  const shape = { c: c + more, h: plus(h, sides[0] + sides[2]), w: plus(w, sides[1] + sides[3]) };
  return { text: `pad(${text}${channels})`, shape };
});

const adaptive = onImage((at, { c, h, w }) => {
  const isOpen = typeof h !== "number" || typeof w !== "number";
  const [y, x] = isOpen ? [1, 1] : [1 + at.pick(h + 1), 1 + at.pick(w + 1)];
  return { text: `adaptiveavgpool(${size(at, y, x)})`, shape: { c, h: y, w: x } };
});

const flatten: Maker = ({ shape: { c, h, w } }) => {
  if (typeof w !== "number" || (h !== null && typeof h !== "number")) return null;
  return { text: "flatten", shape: { c: c * (h ?? 1) * w, h: null, w: 1 } };
};

const shuffled =
  (kind: "shuffle" | "unshuffle"): Maker =>
  (at) => ({ text: `${kind}(${number(at, at.divisor(at.shape.c))})`, shape: at.shape });

const select: Maker = (at) => {
  const c = 1 + at.pick(12);
  return { text: `select(${number(at, c)})`, shape: { ...at.shape, c } };
};

const scatter: Maker = (at) => {
  const c = 1 + at.pick(12);
  return isImage(at.shape) ? { text: `scatter(${number(at, c)})`, shape: { ...at.shape, c } } : null;
};

const overPixels = (text: string) => onImage((_at, { c }) => ({ text, shape: { c, h: 1, w: 1 } }));
const overChannels = (text: string) => onImage((_at, { h, w }) => ({ text, shape: { c: 1, h, w } }));

/** Each layer of the language, the plainest first. */
export const layerMakers: Readonly<Record<string, Maker>> = {
  relu: plain("relu"),
  conv,
  batchnorm,
  relu6: plain("relu6"),
  leakyrelu: (at) => ({ text: `leakyrelu(${at.one(["0.1", "0.7", "1 / 3", "-0.5"])})`, shape: at.shape }),
  silu: plain("silu"),
  hardswish: plain("hardswish"),
  hardsigmoid: plain("hardsigmoid"),
  sigmoid: plain("sigmoid"),
  tanh: plain("tanh"),
  gelu: plain("gelu"),
  softmax: plain("softmax"),
  deconv,
  linear,
  groupnorm,
  lrn,
  maxpool: pool("maxpool"),
  avgpool: pool("avgpool"),
  globalavgpool: overPixels("globalavgpool"),
  globalmaxpool: overPixels("globalmaxpool"),
  channelavgpool: overChannels("channelavgpool"),
  channelmaxpool: overChannels("channelmaxpool"),
  adaptiveavgpool: adaptive,
  dropout: (at) => ({ text: `dropout(${at.one(["0.5", "0", "1 / 3"])})`, shape: at.shape }),
  droppath(at) {
    const given = options([["rescale", at.one([null, "false", "true"])]]);
    return { text: `droppath(${at.one(["0.5", "0", "0.25"])}${given})`, shape: at.shape };
  },
  flatten,
  upsample,
  pad,
  slice,
  scale(at) {
    const given = options([["shift", at.one([null, "1", "-0.25"])]]);
    return { text: `scale(${at.one(["2", "-1", "1 / 3", "1"])}${given})`, shape: at.shape };
  },
  shuffle: shuffled("shuffle"),
  unshuffle: shuffled("unshuffle"),
  select,
  scatter,
};
