import { didYouMean, listing, plural } from "./wording.ts";

export interface Similar {
  readonly name: string;
  readonly similar: string | null;
}

const kinds: Readonly<Record<string, string>> = {
  network: "a network",
  variant: "a network",
  block: "a block",
  fn: "a function",
  let: "a value",
  value: "a value",
  tensor: "a tensor",
};

/** What names mean, and where they may stand. */
export const nameMessages = {
  "unknown-layer": {
    severity: "error",
    message: ({ name }: Similar & { foreign: string | null }) => `there is no layer or block named \`${name}\``,
    help: ({ similar, foreign }: Similar & { foreign: string | null }) =>
      foreign ? `in dnet this is \`${foreign}\`` : didYouMean(similar),
  },
  "unknown-name": {
    severity: "error",
    message: ({ name }: Similar) => `there is no value named \`${name}\` here`,
    help: ({ similar }: Similar) => didYouMean(similar),
  },
  "unknown-function": {
    severity: "error",
    message: ({ name }: Similar) => `there is no function named \`${name}\``,
    help: ({ similar, foreign }: Similar & { foreign: string | null }) =>
      foreign ? `in dnet this is \`${foreign}\`` : didYouMean(similar),
  },
  "unknown-tensor": {
    severity: "error",
    message: ({ name, isValue }: Similar & { isValue: boolean }) =>
      isValue ? `\`${name}\` is a value, not a tensor` : `no tensor is named \`${name}\` in this body`,
    help: ({ name, similar }: Similar) => didYouMean(similar) || `name one with \`-> ${name}\` where it is made`,
  },
  "unknown-network": {
    severity: "error",
    message: ({ name, kind }: Similar & { kind: string | null; library: string | null }) =>
      kind ? `\`${name}\` is ${kinds[kind] ?? kind}, not a network` : `there is no network named \`${name}\``,
    help: ({ name, similar, library }: Similar & { library: string | null }) =>
      library && !similar ? `the library has it: \`import { ${name} } from "${library}"\`` : didYouMean(similar),
  },
  "unknown-argument": {
    severity: "error",
    message: ({ callee, name }: Similar & { callee: string; known: readonly string[] }) =>
      `${callee} has no argument named \`${name}\``,
    help: ({ similar, known }: Similar & { known: readonly string[] }) =>
      didYouMean(similar) || (known.length > 0 ? `it takes ${listing(known)}` : "it takes no named arguments"),
  },
  "not-a-layer": {
    severity: "error",
    message: ({ name, kind }: { name: string; kind: string }) =>
      `\`${name}\` is ${kinds[kind] ?? kind} and cannot be applied like a layer`,
    help: ({ name, kind }: { name: string; kind: string }) => {
      if (kind === "tensor") return `to go on from it, write \`from ${name}\``;
      if (kind === "network" || kind === "variant") return "what is used as a part is declared with `block`";
      return "";
    },
  },
  "not-a-function": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is not a function`,
  },
  "layer-as-value": {
    severity: "error",
    message: ({ name }: { name: string; tensor?: string }) =>
      `\`${name}\` is applied to a tensor; it has no value to calculate with`,
    help: ({ tensor }: { name: string; tensor?: string }) =>
      tensor
        ? `to name a tensor write \`-> ${tensor}\` after the layer that makes it`
        : "layers stand side by side: `batchnorm relu conv(3x3, 64)`, not one inside another",
  },
  "tensor-as-value": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `\`${name}\` is a tensor; expressions are worked out before any tensor exists`,
    help: ({ name }: { name: string }) =>
      `multiply with \`mul(${name})\`, add with \`add(${name})\`, and write x·a + b as \`scale(a, shift = b)\``,
  },
  "declaration-as-value": {
    severity: "error",
    message: ({ name, kind }: { name: string; kind: string }) => `\`${name}\` is ${kinds[kind] ?? kind}, not a value`,
  },
  "function-as-value": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is a function and needs its arguments: \`${name}(…)\``,
  },
  "no-tensor-here": {
    severity: "error",
    message: ({ name }: { name: string }) => `there is no tensor here, so \`${name}\` has no value`,
    help: ({ name }: { name: string }) =>
      `functions and top-level values take it as an argument: \`fn f(${name}) = …\``,
  },
  "count-outside-expect": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `\`${name}\` is known when the network is complete; only \`expect\` can use it`,
  },
  "tensor-expected": {
    severity: "error",
    message: () => "a join takes the names of tensors here",
    help: () => "name a tensor with `-> skip`, then write `concat(skip)`",
  },
  "duplicate-name": {
    severity: "error",
    message: ({ name, what }: { name: string; what: string }) => `a second ${what} named \`${name}\``,
  },
  "capital-needed": {
    severity: "error",
    message: ({ name, kind }: { name: string; kind: string }) =>
      `the name of a ${kind} begins with a capital letter: \`${capitalised(name)}\`, not \`${name}\``,
  },
  "duplicate-argument": {
    severity: "error",
    message: ({ callee, name }: { callee: string; name: string }) => `${callee} is given \`${name}\` twice`,
  },
  "missing-argument": {
    severity: "error",
    message: ({ callee, missing }: { callee: string; missing: readonly string[]; signature: string }) =>
      `${callee} needs ${listing(missing.map((one) => `\`${one}\``))}`,
    help: ({ callee, signature }: { callee: string; signature: string }) => `it is written ${callee}(${signature})`,
  },
  "argument-needs-name": {
    severity: "error",
    message: ({ callee, positional }: Surplus) =>
      positional.length === 0
        ? `${callee} takes no argument by position`
        : `${callee} takes only ${listing(positional)} by position`,
    help: surplusHelp,
  },
  "wrong-arity": {
    severity: "error",
    message: ({ name, least, most, given }: { name: string; least: number; most: number | null; given: number }) => {
      const takes = most === null ? `at least ${plural(least, "argument")}` : plural(least, "argument");
      return `${name} takes ${takes}, but is given ${given}`;
    },
  },
  recursion: {
    severity: "error",
    message: ({ names }: { names: readonly string[] }) => `\`${names[0]}\` uses itself: ${names.join(" → ")}`,
    help: () => "every program ends: write a loop, or a block for each level",
  },
  "import-path": {
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` cannot be imported`,
    help: () => 'a file is named from this one, as "./blocks.dnet" or "../blocks.dnet"; the library as "std/densenet"',
  },
  "import-not-found": {
    severity: "error",
    message: ({ path, library }: { path: string; library: boolean; similar: string | null }) =>
      library ? `the library has no \`${path}\`` : `there is no file \`${path}\``,
    help: ({ similar, library }: { library: boolean; similar: string | null }) =>
      didYouMean(similar) || (library ? "" : "the path starts at the folder of this file"),
  },
  "import-unknown": {
    severity: "error",
    message: ({ name, path }: Similar & { path: string }) => `\`${path}\` declares no \`${name}\``,
    help: ({ similar }: Similar) => didYouMean(similar),
  },
  "import-cycle": {
    severity: "error",
    message: ({ cycle }: { cycle: readonly string[] }) => `files import one another in a circle: ${cycle.join(" → ")}`,
  },
} as const;

export interface Surplus {
  readonly callee: string;
  readonly positional: readonly string[];
  readonly byName: readonly string[];
}

/** The two mistakes that a reader of PyTorch makes first have an answer of their own. */
function surplusHelp({ callee, positional, byName }: Surplus): string {
  if (callee === "conv" || callee === "deconv") {
    return `in-channels are never written: ${callee}(7x7, 64, stride = 2) is kernel, channels, then the rest by name`;
  }
  if (callee === "linear") return "in-features are never written: linear(10) is features, then the rest by name";
  if (callee === "batchnorm") return "it takes its channels from the tensor that reaches it: write `batchnorm`";
  if (byName.length === 0) return positional.length === 0 ? `write \`${callee}\` alone` : "";
  return `give ${listing(byName, "or")} by name: ${byName[0]} = …`;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
