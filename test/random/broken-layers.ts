import { type Breakage, keeping, wrong } from "./breakage.ts";
import { isImage, type Place } from "./place.ts";
import { isEqual, least } from "./side.ts";

const on = (fits: (at: Place) => boolean, text: (at: Place) => string) => (at: Place) => (fits(at) ? text(at) : null);
const image = (text: (at: Place) => string) => on((at) => isImage(at.shape), text);
const row = (text: string) =>
  on(
    (at) => !isImage(at.shape),
    () => text,
  );
const open = (text: string) =>
  on(
    (at) => isImage(at.shape) && typeof at.shape.h !== "number",
    () => text,
  );

/** The smallest number of groups that the channels do not split into. */
function unfit({ shape: { c } }: Place): number {
  let groups = 2;
  while (c % groups === 0) groups++;
  return groups;
}

const large = (at: Place) => isImage(at.shape) && least(at.shape.h) > 1 && least(at.shape.w) > 1;

/** Shapes that a layer cannot take or make. */
export const brokenLayers: Readonly<Record<string, Breakage>> = {
  "input groups": {
    code: "groups-mismatch",
    make(at) {
      if (!isImage(at.shape)) return null;
      return {
        text: `conv(1x1, ${3 * unfit(at)}, groups = ${wrong(`${unfit(at)}`, "1")})`,
        shape: { ...at.shape, c: 3 * unfit(at) },
      };
    },
  },
  "output groups": {
    code: "groups-mismatch",
    make(at) {
      if (!isImage(at.shape) || at.shape.c === 1) return null;
      const c = at.shape.c + 1;
      return { text: `deconv(1x1, ${c}, groups = ${wrong(`${at.shape.c}`, "1")})`, shape: { ...at.shape, c } };
    },
  },
  "groups of groupnorm": keeping(
    "groups-mismatch",
    image((at) => `groupnorm(${wrong(`${unfit(at)}`, "1")})`),
  ),
  "groups of shuffle": keeping("groups-mismatch", (at) => `shuffle(${wrong(`${unfit(at)}`, "1")})`),
  "kernel larger than the image": keeping("kernel-too-large", (at) => {
    const { h } = at.shape;
    return typeof h === "number" ? `maxpool(${wrong(`[${h + 1}, 1]`, "1x1")}, stride = 1)` : null;
  }),
  "dilated kernel larger than the image": keeping("kernel-too-large", (at) => {
    const { h, c, w } = at.shape;
    return h === null || typeof w !== "number"
      ? null
      : `conv(${wrong("1x2", "1x1")}, ${c}, pad = 0, dilation = ${w + 1})`;
  }),
  "even kernel without padding": keeping(
    "half-not-whole",
    image(({ shape: { c } }) => `conv(${wrong("2", "3")}, ${c})`),
  ),
  "padding of a pooling": keeping(
    "pad-too-large",
    image(() => `avgpool(1, pad = ${wrong("1", "0")})`),
  ),
  "outpad without stride": keeping(
    "outpad-too-large",
    image(({ shape }) => `deconv(1, ${shape.c}, outpad = ${wrong("1", "0")})`),
  ),
  "nothing comes out": keeping("empty-output", ({ shape }) => {
    return typeof shape.h !== "number" ? null : wrong(`deconv(1, ${shape.c}, pad = [${shape.h}, 0])`, "relu");
  }),
  "even lrn": keeping(
    "lrn-even",
    image(() => `lrn(size = ${wrong("4", "3")})`),
  ),
  "convolution of a row": keeping("needs-spatial", row(wrong("conv(1x1, channels)", "linear(channels)"))),
  "pooling of a row": keeping("needs-spatial", row(wrong("globalavgpool", "relu"))),
  "slice beyond the channels": keeping(
    "slice-channels",
    ({ shape: { c } }) => `slice(${wrong(`0..${c + 1}`, `0..${c}`)})`,
  ),
  "compression above 1": keeping("compression-range", (at) => (large(at) ? wrong("transition(3 / 2)", "relu") : null)),
  "compression that leaves nothing": keeping("compression-empty", (at) =>
    large(at) ? wrong(`transition(1 / ${at.shape.c + 1})`, "relu") : null,
  ),
  "dense layers that differ": keeping(
    "dense-growth-mismatch",
    image(() => wrong("dense(2) as l { conv(1x1, l) }", "relu")),
  ),
  "growth that is another": keeping(
    "dense-growth-mismatch",
    image(() => wrong("dense(2, 4) { conv(1x1, 3) }", "relu")),
  ),
  "dense layer that pools": keeping("dense-size-change", (at) =>
    large(at) ? wrong("dense(1) { globalavgpool }", "relu") : null,
  ),
  "argument of the layer that is not there": keeping(
    "dense-body-argument",
    image(({ shape: { c } }) => wrong(`dense(1, ${c}, keep = false, bottleneck = 2) { relu }`, "relu")),
  ),
  "features of an open size": {
    code: "features-unknown",
    make(at) {
      const text = open(wrong("linear(3)", "globalavgpool linear(3)"))(at);
      return text === null || at.scope.keeps ? null : { text, shape: { c: 3, h: null, w: 1 } };
    },
  },
  "windows of an open size": {
    code: "adaptive-unknown",
    make(at) {
      const text = open(wrong("adaptiveavgpool(2)", "globalavgpool upsample(2)"))(at);
      return text === null || at.scope.keeps ? null : { text, shape: { ...at.shape, h: 2, w: 2 } };
    },
  },
  "padding of an open size": keeping(
    "padding-unknown",
    open(`maxpool(3, stride = ${wrong("97, pad = same", "1, pad = same")})`),
  ),
  "height of a row": keeping("no-spatial-size", row(`scale(${wrong("height", "1")})`)),
  "channels that an open size gives": keeping(
    "size-needed",
    open(`residual { conv(1x1, ${wrong("height", "channels")}) }`),
  ),
  "sum of different channels": {
    code: "join-mismatch",
    make: ({ shape }) => {
      const two = isImage(shape) ? "conv(1x1, 2)" : "linear(2)";
      const three = isImage(shape) ? "conv(1x1, 3)" : "linear(3)";
      return { text: wrong(`add { branch { ${two} } branch { ${three} } }`, two), shape: { ...shape, c: 2 } };
    },
  },
  "residual of other channels": keeping("join-mismatch", ({ shape }) => {
    const layer = isImage(shape) ? "conv(1x1, channels + 1)" : "linear(channels + 1)";
    return wrong(`residual { ${layer} }`, "relu");
  }),
  "sum of different sizes": keeping("join-mismatch", ({ shape }) =>
    isImage(shape) && !isEqual(shape.h, 1) && least(shape.h) > 1
      ? wrong("add { branch { } branch { globalavgpool } }", "relu")
      : null,
  ),
};
