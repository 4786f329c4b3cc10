import type { Made, Maker, Place, Shape } from "./program.ts";

const isSame = (a: Shape, b: Shape) => a.c === b.c && a.h === b.h && a.w === b.w;
const isImage = ({ h }: Shape) => h !== null;

/** The inner statements, and a 1×1 convolution to `c` channels at their end where they have others. */
function fitted(at: Place, c: number): Made {
  const made = at.inside(at.shape, true);
  const text = made.text === "" ? "relu" : made.text;
  return made.shape.c === c && made.text !== ""
    ? made
    : { text: `${text}\nconv(1x1, ${c})`, shape: { ...made.shape, c } };
}

const residual: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const { text } = fitted(at, at.shape.c);
  return { text: `residual {\n${text}\n}`, shape: at.shape };
};

const shortcut: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const c = 1 + at.pick(0, 12);
  const { text } = fitted(at, c);
  return { text: `residual {\n${text}\n} shortcut {\nconv(1x1, ${c})\n}`, shape: { ...at.shape, c } };
};

const gate: Maker = (at) => {
  const { c } = at.shape;
  if (!isImage(at.shape)) return null;
  const bodies = [
    `globalavgpool conv(1x1, ${c}) sigmoid`,
    `globalavgpool flatten linear(${c}) sigmoid`,
    "channelmaxpool sigmoid",
  ];
  return { text: `gate { ${bodies[at.pick(0, bodies.length)]} }`, shape: at.shape };
};

const join =
  (kind: "concat" | "add" | "mean" | "mul"): Maker =>
  (at) => {
    if (!isImage(at.shape)) return null;
    const c = kind === "concat" ? 1 + at.pick(0, 6) : at.shape.c;
    const { text } = fitted(at, c);
    const empty = at.pick(1, 2) === 0;
    const branches = [`branch {\n${text}\n}`, empty ? "branch { }" : `branch { tanh conv(1x1, ${c}) }`];
    const other = empty ? at.shape.c : c;
    const shape = kind === "concat" ? { ...at.shape, c: c + other } : at.shape;
    return { text: `${kind} {\n${branches.join("\n")}\n}`, shape };
  };

const dense: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const [n, k] = [1 + at.pick(0, 3), 2 + 2 * at.pick(1, 3)];
  const keep = at.pick(3, 4) > 0;
  const bottleneck = at.pick(2, 2) === 0 ? ", bottleneck = 2, groups = 2, dropout = 0.1" : "";
  const shape = { ...at.shape, c: (keep ? at.shape.c : 0) + n * k };
  return { text: `dense(${n}, ${k}${bottleneck}, keep = ${keep})`, shape };
};

const denseBody: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const [n, k] = [1 + at.pick(0, 3), 1 + at.pick(1, 5)];
  const text = `dense(${n}) as l { batchnorm silu conv(3x3, ${k}) scale(1, shift = l / 10) }`;
  return { text, shape: { ...at.shape, c: at.shape.c + n * k } };
};

const transition: Maker = (at) => {
  const { c, h, w } = at.shape;
  if (h === null || h < 2 || w < 2 || c < 2) return null;
  return { text: "transition(0.5)", shape: { c: Math.floor(c / 2), h: Math.floor(h / 2), w: Math.floor(w / 2) } };
};

/** Statements that keep the shape, again and again. */
const loop: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const { text } = fitted(at, at.shape.c);
  if (/->|output|: /.test(text)) return null;
  const heads = [`repeat ${1 + at.pick(0, 3)}`, `for x in [1, 2] as i`, `if ${at.pick(1, 2)} == 0`];
  const head = heads[at.pick(2, heads.length)] as string;
  const tail = head.startsWith("if") ? " else { relu }" : "";
  return { text: `${head} {\n${text}\n}${tail}`, shape: at.shape };
};

const block: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const name = `Block${at.program.blocks.length + 1}`;
  const k = 1 + at.pick(0, 8);
  const residual = at.pick(1, 2) === 0;
  const body = residual
    ? "let c = channels residual { conv(3x3, k) relu conv(1x1, c) }"
    : "batchnorm relu conv(3x3, k)";
  at.program.blocks.push(`block ${name}(k, stride = 1) {\n${body}\n}`);
  return { text: `${name}(${k})`, shape: residual ? at.shape : { ...at.shape, c: k } };
};

const named: Maker = (at) => {
  const name = `t${at.program.names.length + 1}`;
  at.program.names.push({ name, shape: at.shape });
  // A layer after it, so that what is named is never the output itself.
  return { text: `-> ${name}\nelu(1)`.replace("elu(1)", "tanh"), shape: at.shape };
};

const rejoined: Maker = (at) => {
  const fitting = at.program.names.filter(({ shape }) => isSame(shape, at.shape));
  const [first] = fitting.slice(at.pick(0, Math.max(1, fitting.length)));
  if (!first) return null;
  const kind = ["add", "mul", "mean", "concat"][at.pick(1, 4)] as string;
  const c = kind === "concat" ? 2 * at.shape.c : at.shape.c;
  return { text: `${kind}(${first.name})`, shape: { ...at.shape, c } };
};

const labelled: Maker = (at) => {
  const made = at.inside(at.shape, false);
  if (made.text === "" || /->|output/.test(made.text)) return null;
  return { text: `"scope${at.program.count}": {\n${made.text}\n}`, shape: made.shape };
};

const standardized: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const c = 2 + at.pick(0, 8);
  return { text: `standardize(eps = 1e-5) { conv(3x3, ${c}) }`, shape: { ...at.shape, c } };
};

const aside: Maker = (at) => ({ text: `training { flatten linear(${1 + at.pick(0, 5)}) }`, shape: at.shape });

/** A further output, of a tensor that a layer has made and the next one reads. */
const published: Maker = (at) => {
  if (at.program.outputs >= 2) return null;
  at.program.outputs++;
  return { text: `sigmoid output out${at.program.outputs}\ntanh`, shape: at.shape };
};

/** Joins, dense blocks, loops, blocks, names and the like. */
export const statementMakers: readonly Maker[] = [
  residual,
  shortcut,
  gate,
  join("concat"),
  join("add"),
  join("mean"),
  join("mul"),
  dense,
  denseBody,
  transition,
  loop,
  block,
  named,
  rejoined,
  labelled,
  standardized,
  aside,
  published,
];
