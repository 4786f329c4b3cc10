import { condition, number } from "./expression.ts";
import { narrow } from "./joins.ts";
import { describe, fresh, isImage, type Maker, type Place, type Scope } from "./place.ts";

/** Statements that keep the shape, again and again. */
const loop: Maker = (at) => {
  const counter = `i${fresh(at.program)}`;
  const rounds = 1 + at.pick(3);
  const kind = at.pick(5);
  const heads: readonly (readonly [string, string | null])[] = [
    [`repeat ${number(at, rounds)}`, null],
    [`repeat ${rounds} as ${counter}`, `.{${counter}}`],
    [`for x in [${Array.from({ length: rounds }, (_, i) => i + 2)}] as ${counter}`, `.{${counter}}`],
    [`for ${counter} in 0..${rounds}`, `.{${counter}}`],
    [`for [${counter}, y] in [${Array.from({ length: rounds }, (_, i) => `[${i}, ${i + 1}]`)}]`, `.{${counter}}`],
  ];
  const [head, counters] = heads[kind] as readonly [string, string | null];
  const around = at.scope.counters;
  const change: Partial<Scope> = {
    counters: around === null || counters === null ? null : `${around}${counters}`,
    mayPublish: false,
  };
  const made = at.inside(at.shape, { ...change, keeps: true });
  const back = made.shape.c === at.shape.c ? "" : `\n${narrow(at.shape, at.shape.c)}`;
  const extra = kind === 2 ? "\nscale(1, shift = x / 8)" : kind === 4 ? "\nscale(1 / y)" : "\nrelu";
  const naming = counters !== null && at.once(2) ? `t${fresh(at.program)}` : null;
  const last = naming === null ? "" : `\n-> ${naming}[${counter}]`;
  if (naming !== null) {
    for (let i = 0; i < rounds; i++) at.scope.tensors.push({ name: `${naming}[${i}]`, shape: at.shape });
  }
  return { text: `${head} {\n${made.text}${back}${extra}${last}\n}`, shape: at.shape };
};

/** An arm that is taken, with others that are not. */
const chosen: Maker = (at) => {
  const { text, shape } = at.inside(at.shape);
  const taken = text === "" ? "relu" : text;
  const [yes, no] = [condition(at, true), condition(at, false)];
  const forms = [
    `if ${yes} {\n${taken}\n}`,
    `if ${yes} {\n${taken}\n} else { flatten linear(3) }`,
    `if ${no} { flatten } else {\n${taken}\n}`,
    `if ${no} { conv(3x3, 7) } else if ${yes} {\n${taken}\n} else { globalavgpool }`,
  ] as const;
  return { text: at.one(forms), shape };
};

/** A value to the end of the braces, and what stands there. */
const value: Maker = (at) => {
  const name = `v${fresh(at.program)}`;
  const worth = 1 + at.pick(9);
  const given = number(at, worth);
  const made = at.inside(at.shape, { values: [...at.scope.values, { text: name, value: worth }] });
  const label = at.label("scope");
  if (made.text === "" || label === "") return null;
  return { text: `${label}{\nlet ${name} = ${given}\nscale(1 / ${name})\n${made.text}\n}`, shape: made.shape };
};

const named: Maker = (at) => {
  const id = fresh(at.program);
  const name = at.one([`t${id}`, `t${id}[0]`, `t${id}[${at.shape.c} - 1]`]);
  at.scope.tensors.push({ name: name.replace(/\[(\d+) - 1\]/, (_, c) => `[${Number(c) - 1}]`), shape: at.shape });
  return { text: `-> ${name}`, shape: at.shape };
};

const labelled: Maker = (at) => {
  const label = at.label("scope");
  const made = at.inside(at.shape);
  return label === "" || made.text === "" ? null : { text: `${label}{\n${made.text}\n}`, shape: made.shape };
};

/** A label that comes again, an empty scope, and words of the language as labels. */
const relabelled: Maker = (at) => {
  if (at.scope.counters !== "") return null;
  const name = `again${fresh(at.program)}`;
  const forms = [
    `${name}: relu ${name}: { norm: batchnorm }`,
    `${name}: { } relu`,
    `${name}: { for: relu repeat: tanh "in.out": sigmoid }`,
  ] as const;
  return { text: at.one(forms), shape: at.shape };
};

/** A block of its own, applied once, or twice where it keeps the shape. */
const block: Maker = (at) => {
  const name = `Block${fresh(at.program)}`;
  const [k, twice] = [1 + at.pick(8), at.once(2)];
  const scope: Partial<Scope> = { kind: "block", tensors: [], values: [], counters: "", mayPublish: false };
  const made = at.inside(at.shape, scope);
  const isSquare = isImage(made.shape);
  const forms = [
    ["(k)", `${narrow(made.shape, k).replace(`${k})`, "k)")}`, `(${k})`],
    [
      "(k, ratio = 1 / 2, rest = channels)",
      `scale(ratio, shift = k / rest) ${narrow(made.shape, k).replace(`${k})`, "k)")}`,
      `(k = ${k})`,
    ],
    ["(k, padding = half)", isSquare ? "conv(3x3, k, pad = padding)" : "linear(k)", `(${k}, padding = same)`],
    ["", narrow(made.shape, k), at.one(["", "()"])],
  ] as const;
  const [params, ending, args] = at.one(forms);
  const contract = at.one([
    "",
    `\nexpect channels == ${k} and params >= 0 and depth >= 0`,
    `\nrequire channels >= 1, "channels"`,
  ]);
  const doc = at.one(["", "## A block.\n", "# A comment.\n"]);
  at.program.declarations.push({ name, text: `${doc}block ${name}${params} {\n${made.text}\n${ending}${contract}\n}` });
  const label = at.once(3) ? at.label("use") : "";
  const isTwice = twice && made.text === "" && k === at.shape.c;
  return { text: `${label}${name}${args}${isTwice ? ` ${name}${args}` : ""}`, shape: { ...made.shape, c: k } };
};

/** Layers of the training network alone. */
const aside: Maker = (at) => {
  if (at.scope.kind === "training") return null;
  const made = at.inside(at.shape, { kind: "training", tensors: [...at.scope.tensors], mayPublish: false });
  const pooled = isImage(made.shape) ? "globalavgpool " : "";
  return { text: `training {\n${made.text}\n${pooled}linear(${1 + at.pick(5)})\n}`, shape: at.shape };
};

/** A further output, of a tensor that a layer has made and the next one reads. */
const published: Maker = (at) => {
  if (!at.scope.mayPublish || at.program.outputs >= 2) return null;
  at.program.outputs++;
  return { text: `sigmoid output out${at.program.outputs}\ntanh`, shape: at.shape };
};

/** What the generator knows of the shape, as contracts that hold. */
const contract: Maker = (at) => {
  const isOutside = at.scope.kind !== "network";
  const known = describe(at.shape).filter(([, size]) => !isOutside || !Number.isNaN(Number(size)));
  const facts = known.map(([name, size]) => `${name} == ${size}`);
  const all = facts.join(" and ");
  const text = at.one([
    `expect ${all}`,
    `require ${all}, "what is said of {channels}"`,
    `expect ${facts[0]}\nexpect ${facts.at(-1)}`,
  ]);
  return { text, shape: at.shape };
};

/** What a parameter of the network says, brought back to the shape before. */
const parametrised: Maker = (at) => {
  if (at.scope.kind !== "network") return null;
  const name = parameter(at);
  const { c } = at.shape;
  const wide = isImage(at.shape) ? `conv(3x3, ${name})` : `linear(${name})`;
  const forms = [
    `residual {\n${wide} relu ${narrow(at.shape, c)}\n}`,
    `repeat ${name} { relu }`,
    `if ${name} > 2 { tanh } else { sigmoid }`,
  ];
  return { text: at.one(forms), shape: at.shape };
};

/** One that is there, or a new one. */
function parameter(at: Place): string {
  const { parameters } = at.program;
  const known = parameters[at.pick(parameters.length + 1)];
  if (known) return known.name;
  const [own, other] = [1 + at.pick(4), 1 + at.pick(4)];
  const name = `p${parameters.length + 1}`;
  const before = parameters.at(-1);
  const text = before && at.once(2) ? `${before.name} + ${own}` : `${own}`;
  parameters.push({ name, text, other });
  return name;
}

export const statementMakers: Readonly<Record<string, Maker>> = {
  loop,
  if: chosen,
  let: value,
  "->": named,
  label: labelled,
  "label again": relabelled,
  block,
  training: aside,
  output: published,
  contract,
  parameter: parametrised,
};
