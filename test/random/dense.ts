import { number, options } from "./expression.ts";
import { fitted } from "./joins.ts";
import type { Maker } from "./place.ts";
import { floorOver, least } from "./side.ts";
import { onImage } from "./windows.ts";

const dense = onImage((at, image) => {
  const n = 1 + at.pick(3);
  const keep = !at.once(4);
  const bottleneck = at.once(2) ? 1 + at.pick(3) : null;
  const growth = 1 + at.pick(6);
  const groups = at.once(2) ? at.divisor(bottleneck === null ? common(growth, image.c) : growth) : 1;
  const given = options([
    ["bottleneck", bottleneck === null ? null : number(at, bottleneck)],
    ["dropout", at.one([null, "0.1", "0"])],
    ["groups", groups === 1 ? null : `${groups}`],
    ["keep", keep ? at.one([null, "true"]) : "false"],
  ]);
  const label = at.once(4) ? at.label("block") : "";
  const name = at.one(["", "growth = "]);
  const text = `${label}dense(${number(at, n)}, ${name}${number(at, growth)}${given})`;
  return { text, shape: { ...image, c: (keep ? image.c : 0) + n * growth } };
});

function common(a: number, b: number): number {
  return b === 0 ? a : common(b, a % b);
}

/** A composite function of its own. What enters it grows from layer to layer, so it begins with a convolution. */
const denseBody = onImage((at, image) => {
  const [n, k, m] = [1 + at.pick(3), 1 + at.pick(5), 1 + at.pick(6)];
  const keep = !at.once(4);
  const tensors = [...at.scope.tensors];
  const inner = fitted(at, k, { ...image, c: m }, { mayPublish: false }).text;
  const given = options([
    ["growth", at.one([null, `${k}`])],
    ["keep", keep ? null : "false"],
  ]);
  const scaled = at.one(["", " scale(1, shift = l / 10)"]);
  const text = `dense(${n}${given})${scaled === "" ? "" : " as l"} {\nbatchnorm silu conv(3x3, ${m})${scaled}\n${inner}\n}`;
  at.scope.tensors.splice(0, at.scope.tensors.length, ...tensors);
  return { text, shape: { ...image, c: (keep ? image.c : 0) + n * k } };
});

/** The label takes the place of `denselayer{l}`. */
const denseLabelled = onImage((at, image) => {
  const [n, k] = [1 + at.pick(3), 1 + at.pick(5)];
  const text = `dense(${n}) as l { "layer_{l}": { norm: batchnorm relu conv: conv(3x3, ${k}) } }`;
  return { text, shape: { ...image, c: image.c + n * k } };
});

const transition = onImage((at, { c, h, w }) => {
  if (least(h) < 2 || least(w) < 2) return null;
  const [parts, text] = at.one([
    [[1, 2], "0.5"],
    [[1, 1], "1.0"],
    [[2, 3], "2 / 3"],
    [[29, 100], "0.29"],
  ] as const);
  const channels = Math.floor((c * parts[0]) / parts[1]);
  if (channels < 1) return null;
  const label = at.once(4) ? at.label("down") : "";
  return { text: `${label}transition(${text})`, shape: { c: channels, h: floorOver(h, 2), w: floorOver(w, 2) } };
});

/** Standardised filters make values grow; without a normalisation behind them some layers would overflow float32. */
const standardized = onImage((at, image) => {
  const c = 2 + at.pick(8);
  const { text, shape } = fitted(at, c);
  const eps = at.one(["", "(eps = 1e-5)"]);
  return { text: `standardize${eps} {\nconv(3x3, ${image.c})\n${text}\n} batchnorm`, shape };
});

export const denseMakers: Readonly<Record<string, Maker>> = {
  dense,
  "dense with a body": denseBody,
  "dense with a label": denseLabelled,
  transition,
  standardize: standardized,
};
