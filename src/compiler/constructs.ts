import { type Argument, count, exact, flag, optional, real } from "./layers/arguments.ts";

/** What is applied like a layer but joins, repeats or changes other layers. */
export interface Construct {
  readonly doc: string;
  readonly body: "required" | "optional" | "none";
  readonly shortcut: boolean;
  /** `as name` after the arguments. */
  readonly index: boolean;
  /** Names of tensors in place of values: `concat(skip)`. */
  readonly tensors: boolean;
  readonly arguments: Readonly<Record<string, Argument<unknown>>>;
  /** Arguments with a default that may still be given by position. */
  readonly positional: readonly string[];
}

const plain = { shortcut: false, index: false, tensors: false, arguments: {}, positional: [] } as const;

const join = (doc: string): Construct => ({ ...plain, doc, body: "optional", tensors: true });

export const denseArguments = {
  layers: count("n: how many."),
  growth: optional(count("k: the channels that each layer adds."), null, "that of the first run of the body"),
  bottleneck: optional(count("b: BN-ReLU-Conv(1×1, b·k) comes first; DenseNet-B."), null, "none"),
  dropout: optional(real("The rate after each convolution.", { least: 0, most: 1 }), 0, "0"),
  groups: optional(count("Groups of the 3×3 convolution."), 1, "1"),
  keep: optional(flag("The result begins with the block's own input."), true, "true"),
} as const;

/** That 0 < θ ≤ 1 is checked where the channels are known, so that the message can show them. */
export const transitionArguments = { compression: exact("θ: ⌊θ·m⌋ of m channels remain.") } as const;

export const residualArguments = { when: optional(flag("False: the body alone."), true, "true") } as const;

export const standardizeArguments = {
  eps: optional(real("Keeps the root away from zero.", { above: 0 }), 1e-10, "1e-10"),
} as const;

const table = {
  dense: {
    ...plain,
    doc: "A dense block: layer l sees the block's input and all earlier outputs, k0 + k·(l−1) channels, and adds k.",
    body: "optional",
    index: true,
    arguments: denseArguments,
    positional: ["growth"],
  },
  transition: {
    ...plain,
    doc: "BN-ReLU-Conv(1×1, ⌊θ·m⌋)-AvgPool(2×2, stride 2).",
    body: "none",
    arguments: transitionArguments,
  },
  residual: {
    ...plain,
    doc: "x + body(x), or shortcut(x) + body(x).",
    body: "required",
    shortcut: true,
    arguments: residualArguments,
  },
  gate: { ...plain, doc: "x · body(x).", body: "required" },
  concat: join("The branches one after another along the channels."),
  add: join("The sum of the branches."),
  mean: join("The mean of the branches."),
  mul: join("The product of the branches."),
  branch: { ...plain, doc: "One branch of a join; empty: the identity.", body: "required" },
  standardize: {
    ...plain,
    doc: "Weight standardisation of the convolutions inside, also in blocks used there.",
    body: "required",
    arguments: standardizeArguments,
  },
} as const satisfies Record<string, Construct>;

export type ConstructName = keyof typeof table;

export const constructs: ReadonlyMap<string, Construct> = new Map(Object.entries<Construct>(table));

export function isConstruct(name: string): name is ConstructName {
  return constructs.has(name);
}
