import { condition } from "./expression.ts";
import {
  fresh,
  isImage,
  isSame,
  isSameSize,
  type Made,
  type Maker,
  type NamedTensor,
  type Place,
  type Scope,
  type Shape,
} from "./place.ts";
import { floorOver, plus } from "./side.ts";

/** The inner statements, and what brings them to `c` channels where they have others. */
export function fitted(at: Place, c: number, from: Shape = at.shape, change: Partial<Scope> = {}): Made {
  const made = at.inside(from, { ...change, keeps: true });
  if (made.shape.c === c && made.text !== "") return made;
  const text = made.text === "" ? "relu" : made.text;
  return { text: `${text}\n${narrow(from, c)}`, shape: { ...made.shape, c } };
}

/** 1×1 to `c` channels. */
export function narrow(shape: Shape, c: number): string {
  return isImage(shape) ? `conv(1x1, ${c})` : `linear(${c})`;
}

const residual: Maker = (at) => {
  const { text } = fitted(at, at.shape.c);
  const when = at.one(["", `(when = ${condition(at, true)})`]);
  return { text: `${at.once(4) ? at.label("unit") : ""}residual${when} {\n${text}\n}`, shape: at.shape };
};

/** The body alone. */
const skipped: Maker = (at) => {
  const c = 1 + at.pick(8);
  const { text } = fitted(at, c);
  return { text: `residual(when = ${condition(at, false)}) {\n${text}\n}`, shape: { ...at.shape, c } };
};

const shortcut: Maker = (at) => {
  const c = 1 + at.pick(12);
  const { text } = fitted(at, c);
  const other = at.shape.c === c ? at.one(["", narrow(at.shape, c)]) : narrow(at.shape, c);
  return { text: `residual {\n${text}\n} shortcut { ${other} }`, shape: { ...at.shape, c } };
};

/** Both arms halve the image. */
const reduction: Maker = (at) => {
  const { shape } = at;
  if (!isImage(shape) || at.scope.keeps) return null;
  const c = 1 + at.pick(8);
  const [h, w] = [plus(floorOver(plus(shape.h, -1), 2), 1), plus(floorOver(plus(shape.w, -1), 2), 1)];
  const { text } = fitted(at, c);
  const body = `${text}\nconv(3x3, ${c}, stride = 2) batchnorm`;
  const forms = [
    [`residual {\n${body}\n} shortcut {\nconv(1x1, ${c}, stride = 2) batchnorm\n}`, c],
    [`concat {\nbranch {\n${body}\n}\nbranch { maxpool(3x3, stride = 2, pad = 1) }\n}`, c + shape.c],
  ] as const;
  const [made, channels] = at.one(forms);
  return { text: made, shape: { c: channels, h, w } };
};

const gate: Maker = (at) => {
  const { c } = at.shape;
  const kind = isImage(at.shape) ? at.pick(6) : 0;
  const plain = [
    `globalavgpool conv(1x1, ${c}) sigmoid`,
    "globalavgpool flatten linear(channels) sigmoid",
    "channelmaxpool sigmoid",
    "concat { branch { channelavgpool } branch { channelmaxpool } } conv(3x3, 1) hardsigmoid",
  ];
  const ending = kind === 1 ? "globalmaxpool softmax" : "sigmoid";
  const text = plain[kind - 2] ?? `${fitted(at, c).text}\n${ending}`;
  return { text: `gate {\n${text}\n}`, shape: at.shape };
};

/** Products of products grow beyond what a float32 holds: they are brought back. */
function tamed(at: Place, text: string): string {
  at.program.products++;
  return at.program.products > 2 || at.scope.counters !== ""
    ? `${text}\n${at.one(["batchnorm", "tanh", "sigmoid"])}`
    : text;
}

type JoinKind = "concat" | "add" | "mean" | "mul";

const join =
  (kind: JoinKind): Maker =>
  (at) => {
    const c = kind === "concat" ? 1 + at.pick(6) : at.shape.c;
    const branches = [...firstBranches(at, c), ...otherBranches(at, c)];
    const total = branches.reduce((sum, one) => sum + one.c, 0);
    const label = at.once(5) ? at.label("join") : "";
    const text = `${label}${kind} {\n${branches.map((one) => one.text).join("\n")}\n}`;
    const shape = kind === "concat" ? { ...at.shape, c: total } : at.shape;
    return { text: kind === "mul" ? tamed(at, text) : text, shape };
  };

interface Branch {
  readonly text: string;
  /** How many channels it brings in all. */
  readonly c: number;
}

function firstBranches(at: Place, c: number): readonly Branch[] {
  const { text } = fitted(at, c);
  const label = at.once(4) ? at.label("arm") : "";
  return [{ text: `${label}branch {\n${text}\n}`, c }];
}

/** What may stand around and beside branches. */
function otherBranches(at: Place, c: number): readonly Branch[] {
  const rounds = 1 + at.pick(3);
  const entry = at.scope.tensors.filter(({ shape }) => isSameSize(shape, at.shape));
  const tensor = entry[at.pick(Math.max(1, entry.length))];
  const empty = at.shape.c === c ? { text: "branch { }", c } : { text: `branch { ${narrow(at.shape, c)} }`, c };
  const from = tensor ? { text: `branch { from ${tensor.name} ${narrow(at.shape, c)} }`, c } : empty;
  return at.one<readonly Branch[]>([
    [empty],
    [{ text: `branch { tanh ${narrow(at.shape, c)} }`, c }],
    [{ text: `repeat ${rounds} { branch { ${narrow(at.shape, c)} tanh } }`, c: rounds * c }],
    [{ text: `for k in [${c}, ${c}] { branch { ${narrow(at.shape, c).replace(`${c})`, "k)")} } }`, c: 2 * c }],
    [{ text: `if ${condition(at, true)} { branch { ${narrow(at.shape, c)} } }`, c }],
    [{ text: `let out = ${c} branch { relu ${narrow(at.shape, c).replace(`${c})`, "out)")} }`, c }],
    [from, empty],
    [],
  ]);
}

const joined =
  (kind: JoinKind): Maker =>
  (at) => {
    const fits = kind === "concat" ? isSameSize : isSame;
    const fitting = at.scope.tensors.filter(({ shape }) => fits(shape, at.shape));
    if (fitting.length === 0) return null;
    const first = fitting[at.pick(fitting.length)] as NamedTensor;
    const others = at.once(4) ? [fitting[at.pick(fitting.length)] as NamedTensor] : [];
    const all = [first, ...others];
    const c = kind === "concat" ? all.reduce((sum, one) => sum + one.shape.c, at.shape.c) : at.shape.c;
    const text = `${kind}(${all.map((one) => one.name).join(", ")})`;
    return { text: kind === "mul" ? tamed(at, text) : text, shape: { ...at.shape, c } };
  };

/** A number for each channel, or for each pixel, stretched over the image by `mul`. */
const stretched: Maker = (at) => {
  if (!isImage(at.shape)) return null;
  const name = `t${fresh(at.program)}`;
  const { c } = at.shape;
  const small = at.one([
    `globalavgpool conv(1x1, ${c}) sigmoid`,
    `globalavgpool linear(${c}) sigmoid`,
    "channelavgpool sigmoid",
  ]);
  at.scope.tensors.push({ name, shape: at.shape });
  return { text: tamed(at, `-> ${name}\n${small}\nmul(${name})`), shape: at.shape };
};

/** A second line from a tensor with a name, joined with the first. */
const besides: Maker = (at) => {
  const fitting = at.scope.tensors.filter(({ shape }) => isSameSize(shape, at.shape));
  const start = fitting[at.pick(Math.max(1, fitting.length))];
  if (!start) return null;
  const name = `t${fresh(at.program)}`;
  const { text } = fitted(at, at.shape.c, start.shape);
  const inBraces = at.once(2);
  at.scope.tensors.push({ name, shape: at.shape });
  return inBraces
    ? { text: `from ${start.name} {\n${text}\n-> ${name}\n}\nadd(${name})`, shape: at.shape }
    : { text: `-> ${name}\nfrom ${start.name}\n${text}\nadd(${name})`, shape: at.shape };
};

export const joinMakers: Readonly<Record<string, Maker>> = {
  residual,
  skipped,
  shortcut,
  reduction,
  gate,
  "concat of branches": join("concat"),
  "add of branches": join("add"),
  "mean of branches": join("mean"),
  "mul of branches": join("mul"),
  "concat of tensors": joined("concat"),
  "add of tensors": joined("add"),
  "mean of tensors": joined("mean"),
  "mul of tensors": joined("mul"),
  stretched,
  besides,
};
