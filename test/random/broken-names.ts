import { type Breakage, inArguments, keeping, wrong } from "./breakage.ts";
import { fresh, isImage, type Place } from "./place.ts";

const inNetwork = (text: (at: Place) => string) => (at: Place) => (at.scope.kind === "network" ? text(at) : null);

/** A value that stands before, and its name. */
function withValue(at: Place, text: (name: string) => string): string {
  const name = `q${fresh(at.program)}`;
  return `let ${name} = 3\n${text(name)}`;
}

/** A tensor that stands before, and its name. */
function withTensor(at: Place, text: (name: string) => string): string {
  const name = `q${fresh(at.program)}`;
  return `relu -> ${name}\n${text(name)}`;
}

/** Names without a meaning, arguments, and what stands where it cannot. */
export const brokenNames: Readonly<Record<string, Breakage>> = {
  "misspelt layer": keeping("unknown-layer", () => wrong("realu", "relu")),
  "layer that is none": keeping("unknown-layer", () => wrong("blur(3)", "relu")),
  "misspelt value": inArguments("unknown-name", () => "chanels", "channels / channels * 3"),
  "misspelt function": inArguments("unknown-function", () => "flor(3.5)"),
  "misspelt argument": keeping("unknown-argument", () => `batchnorm(${wrong("momentun", "momentum")} = 0.2)`),
  "argument of another": keeping("unknown-argument", () => `relu${wrong("(slope = 1)", "()")}`),
  "argument left out": {
    code: "missing-argument",
    make: ({ shape }) => {
      const [bad, good] = isImage(shape) ? ["conv(3x3)", "conv(3x3, 3)"] : ["linear", "linear(3)"];
      return { text: wrong(bad, good), shape: { ...shape, c: 3 } };
    },
  },
  "argument given twice": keeping("duplicate-argument", () => `scale(2, shift = 1${wrong(", shift = 1", "")})`),
  "argument without its name": keeping("argument-needs-name", () => `scale(2, ${wrong("1", "shift = 1")})`),
  "argument of a layer that takes none": keeping("argument-needs-name", () => `relu(${wrong("6", "")})`),
  "too many for a function": inArguments("wrong-arity", () => "floor(3, 1)"),
  "too few for a function": inArguments("wrong-arity", () => "min()"),
  "value as a function": keeping("not-a-function", (at) => withValue(at, (q) => `scale(${wrong(`${q}(1)`, q)})`)),
  "value as a layer": keeping("not-a-layer", (at) => withValue(at, (q) => `scale(${q}) ${wrong(q, "relu")}`)),
  "layer as a value": inArguments("layer-as-value", () => "relu"),
  "tensor as a value": keeping("tensor-as-value", (at) => withTensor(at, (q) => `add(${q}) scale(${wrong(q, "2")})`)),
  "value as a tensor": keeping("unknown-tensor", (at) =>
    withValue(at, (q) => `scale(${q}) -> t${q} add(${wrong(q, `t${q}`)})`),
  ),
  "tensor that is not named": keeping("unknown-tensor", (at) => withTensor(at, (q) => `add(${wrong(`${q}q`, q)})`)),
  "tensor with another index": keeping("tensor-not-named", (at) => {
    const name = `q${fresh(at.program)}`;
    return `relu -> ${name}[0] add(${name}[${wrong("1", "0")}])`;
  }),
  "number for a tensor": keeping("tensor-expected", (at) => withTensor(at, (q) => `add(${q}${wrong(", 3", "")})`)),
  "count before it is known": inArguments("count-outside-expect", () => "params"),
  "join without branches": keeping("join-empty", () => wrong("add { }", "relu")),
  "join of nothing": keeping("join-form", () => wrong("mean", "relu")),
  "join of both": keeping("join-form", (at) => withTensor(at, (q) => wrong(`add(${q}) { branch { } }`, `add(${q})`))),
  "layer between branches": keeping("not-a-branch", () => `add { branch { } ${wrong("relu", "branch { relu }")} }`),
  "branch outside a join": keeping("branch-misplaced", () => wrong("branch { relu }", "relu")),
  "gate without braces": keeping("body-missing", () => wrong("gate", "relu")),
  "layer with braces": keeping("body-unexpected", () => `relu ${wrong("{ tanh }", "tanh")}`),
  "shortcut of a gate": keeping("shortcut-unexpected", () => wrong("gate { sigmoid } shortcut { relu }", "relu")),
  "index of a gate": keeping("index-unexpected", () => `gate ${wrong("as i", "")} { sigmoid }`),
  "layer that nothing uses": keeping("unused-layer", (at) => {
    return at.scope.kind === "training" ? null : withTensor(at, (q) => `${wrong("tanh", "")} from ${q}`);
  }),
  "two tensors of one name": keeping("duplicate-tensor", (at) => {
    if (at.scope.counters !== "") return null;
    const name = `q${fresh(at.program)}`;
    return `${name}: batchnorm ${wrong(`${name}: batchnorm`, "batchnorm")}`;
  }),
  "output with the name of the input": keeping("output-name-taken", (at) => {
    return at.scope.mayPublish ? `sigmoid output ${wrong("image", `q${fresh(at.program)}`)} tanh` : null;
  }),
  "one tensor as two outputs": keeping("output-twice", (at) => {
    return at.scope.mayPublish
      ? `sigmoid output a${fresh(at.program)} ${wrong(`output b${fresh(at.program)}`, "")} tanh`
      : null;
  }),
  "output in training": keeping(
    "output-in-training",
    inNetwork((at) => {
      const pool = isImage(at.shape) ? "globalavgpool" : "relu";
      return `training { ${pool} linear(2) ${wrong("output out", "")} }`;
    }),
  ),
  "tensor of training": keeping("tensor-in-training", (at) => {
    if (at.scope.kind === "training") return null;
    return withTensor(at, (q) => `training { relu -> ${q}q } add(${wrong(`${q}q`, q)})`);
  }),
};
