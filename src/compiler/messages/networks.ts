import type { Shape } from "../ir.ts";
import { formatShape } from "../shape.ts";
import { formatQuantity } from "../symbolic.ts";
import { didYouMean, dimOptions, listing } from "./wording.ts";

export interface Named {
  readonly name: string;
}

/** Bodies, joins, named tensors, outputs and contracts. */
export const networkMessages = {
  "input-missing": {
    severity: "error",
    message: ({ name }: Named) => `network ${name} has no input`,
    help: () => "begin its body with `input image[3, 224, 224]`",
  },
  "input-twice": {
    severity: "error",
    message: () => "a network has one input",
  },
  "input-misplaced": {
    severity: "error",
    message: () => "`input` stands first in the body of a network, before anything that takes a tensor",
  },
  "input-rank": {
    severity: "error",
    message: ({ given }: { given: number }) =>
      `an input has three sizes, [channels, height, width], but ${given === 1 ? "1 is" : `${given} are`} given`,
    help: () => "the batch N is never written",
  },
  "unused-layer": {
    severity: "error",
    message: ({ name }: Named) => `nothing uses what \`${name}\` makes, and it is no output`,
    help: () =>
      "name it with `-> y` and join it with `add(y)`, `concat(y)` or `mul(y)`, or write `output y` right after it",
  },
  "size-named-n": {
    severity: "error",
    message: () => "`N` is the batch; a symbolic size takes another name",
  },
  "channels-symbolic": {
    severity: "error",
    message: ({ name }: Named) => `the channels of the input must be a number; \`${name}\` has no value`,
  },
  "network-empty": {
    severity: "error",
    message: () => "nothing happens between the input and the output of this network",
  },
  "parameter-missing": {
    severity: "error",
    message: ({ name, network }: Named & { network: string }) => `${network} needs its parameter \`${name}\``,
    help: ({ name }: Named) => `--set ${name}=…, or give it a default`,
  },
  "variant-body": {
    severity: "error",
    message: () => "the braces of a variant hold contracts only: `expect` and `require`",
  },
  "body-missing": {
    severity: "error",
    message: ({ name }: Named) => `\`${name}\` needs braces: \`${name} { … }\``,
  },
  "body-unexpected": {
    severity: "error",
    message: ({ name, kind }: Named & { kind: string }) =>
      `\`${name}\` takes no braces${kind === "layer" ? ": it is a layer" : ""}`,
    help: () => "what follows it is written after it, side by side",
  },
  "shortcut-unexpected": {
    severity: "error",
    message: ({ name }: Named) => `\`${name}\` takes no shortcut; only \`residual\` does`,
  },
  "index-unexpected": {
    severity: "error",
    message: ({ name }: Named) => `\`as\` goes with the braces of \`dense\`, and with loops, not with \`${name}\``,
  },
  "join-form": {
    severity: "error",
    message: ({ name, both }: Named & { both: boolean }) =>
      both
        ? `\`${name}\` takes the names of tensors or braces with branches, not both`
        : `\`${name}\` needs what it joins`,
    help: ({ name }: Named) => `\`${name}(skip)\` or \`${name} { branch { … } branch { … } }\``,
  },
  "join-empty": {
    severity: "error",
    message: ({ name }: Named) => `\`${name}\` has no branch`,
  },
  "not-a-branch": {
    severity: "error",
    message: () => "inside the braces of a join stand branches",
    help: () => "`branch { … }`, and `for`, `repeat`, `if` and `let` around them",
  },
  "branch-misplaced": {
    severity: "error",
    message: () => "`branch` stands inside the braces of `concat`, `add`, `mean` or `mul`",
  },
  "join-mismatch": {
    severity: "error",
    message: ({ name, dimensions, left, right, sizes }: Mismatch) => {
      const shapes = `${formatShape(left)} and ${formatShape(right)}`;
      if (sizes.length > 0) return `${name} joins ${shapes}, which agree for some ${listing(sizes)} only`;
      if (dimensions.includes("rank")) return `${name} cannot join ${shapes}: only one of them is an image`;
      const one = dimensions.length === 1 && dimensions[0] !== "channels";
      return `${name} cannot join ${shapes}: ${listing(dimensions)} ${one ? "differs" : "differ"}`;
    },
    help: (facts: Mismatch) => {
      const isOpen = facts.sizes.length > 0;
      const isResidual = facts.name === "residual" && !facts.dimensions.includes("rank");
      if (isResidual && (!isOpen || (facts.divisor() === null && facts.strides()))) return shortcutFor(facts);
      return isOpen ? settle(facts) : "";
    },
  },
  "tensor-not-named": {
    severity: "error",
    message: ({ name, index }: Unnamed) =>
      `no tensor is named \`${index === null ? name : `${name}[${index}]`}\` at this point`,
    help: ({ name, alone, known }: Unnamed) => {
      if (known.length > 0) return `there ${known.length === 1 ? "is" : "are"} ${listing(shortened(name, known))}`;
      return alone ? `there is \`${name}\`, without an index` : `name it with \`-> ${name}\` before this line`;
    },
  },
  "duplicate-tensor": {
    severity: "error",
    message: ({ name }: Named) => `two tensors would be named \`${name}\``,
    help: () => "give one of the layers a label of its own",
  },
  "output-name-taken": {
    severity: "error",
    message: ({ name, input }: Named & { input: string }) => {
      if (name === "output") return "`output` is the name of the last tensor";
      return name === input ? `\`${name}\` is the name of the input` : `a second output named \`${name}\``;
    },
  },
  "output-twice": {
    severity: "error",
    message: ({ name, other }: Named & { other: string }) =>
      `the outputs \`${other}\` and \`${name}\` are one tensor at inference`,
  },
  "output-is-input": {
    severity: "error",
    message: ({ name }: Named) => `the output \`${name}\` is the network's input`,
  },
  "output-in-training": {
    severity: "error",
    message: () => "what is in `training` is not in the model, so it cannot be an output",
  },
  "tensor-in-training": {
    severity: "error",
    message: ({ name }: Named) => `\`${name}\` is made in \`training\`, which is not in the model`,
    help: () => "use it inside `training`, or make it outside",
  },
  "require-failed": {
    severity: "error",
    message: ({ message }: { message: string }) => `required: ${message}`,
  },
  "require-undecided": {
    severity: "error",
    message: ({ sizes }: { sizes: readonly string[] }) => `this condition on ${listing(sizes)} cannot be assumed`,
    help: ({ sizes }: { sizes: readonly string[] }) =>
      `assumptions have the form \`${sizes[0]} % 8 == 0\` or \`${sizes[0]} >= 32\`; otherwise give ${dimOptions(sizes)}`,
  },
  "expect-failed": {
    severity: "error",
    message: ({ condition, sides }: { condition: string; sides: string }) =>
      sides === "" ? `expected ${condition}` : `expected ${condition}, but ${sides}`,
  },
  "expect-undecided": {
    severity: "note",
    message: ({ sizes }: { sizes: readonly string[] }) => `not checked: it depends on ${listing(sizes)}`,
    help: settle,
  },
  "expect-not-checked": {
    severity: "note",
    message: ({ network }: { network: string }) =>
      `not checked: ${network} states this for the parameters it declares, and here they differ`,
  },
  "unknown-parameter": {
    severity: "error",
    message: ({ network, name }: Named & { network: string }) => `${network} has no parameter \`${name}\``,
    help: ({ known, similar }: Known) =>
      didYouMean(similar) || (known.length > 0 ? `its parameters are ${listing(known)}` : "it has no parameters"),
  },
  "unknown-dim": {
    severity: "error",
    message: ({ network, name }: Named & { network: string }) => `${network} has no symbolic size \`${name}\``,
    help: ({ known, similar }: Known) =>
      didYouMean(similar) ||
      (known.length > 0 ? `its symbolic sizes are ${listing(known)}` : "the sizes of its input are numbers"),
  },
} as const;

export interface Known {
  readonly known: readonly string[];
  readonly similar: string | null;
}

export interface Mismatch extends Settling {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly left: Shape;
  readonly right: Shape;
  /** With which a 1×1 convolution brings `left` to the height and width of `right`. */
  readonly strides: () => readonly [number, number] | null;
}

/** What hangs on symbolic sizes, and what they may be divisible by to settle it: found out where it is said. */
export interface Settling {
  readonly sizes: readonly string[];
  readonly divisor: () => number | null;
}

function settle({ sizes, divisor }: Settling): string {
  const found = divisor();
  const conditions = sizes.map((size) => `${size} % ${found} == 0`).join(" and ");
  const known = found === null ? `what is known of ${listing(sizes)} with \`require\`` : `\`require ${conditions}\``;
  return `state ${known}, or give the size: ${dimOptions(sizes)}`;
}

/** What brings the x of a residual to the shape that its body makes. */
function shortcutFor({ dimensions, right, strides }: Mismatch): string {
  const [channels] = right;
  const found = strides();
  if (!found && dimensions.some((dimension) => dimension !== "channels"))
    return "let the body keep height and width, or bring x to those of the body with a `shortcut { … }`";
  const [vertical, horizontal] = found ?? [1, 1];
  const step = vertical === horizontal ? `${vertical}` : `${vertical}x${horizontal}`;
  const stride = step === "1" ? "" : `, stride = ${step}`;
  const shortcut = `bring x to the same shape with \`shortcut { conv(1x1, ${formatQuantity(channels)}${stride}) }\``;
  return dimensions.includes("channels") ? shortcut : `${shortcut}, or take the stride out of the body`;
}

export interface Unnamed {
  readonly name: string;
  readonly index: number | null;
  readonly alone: boolean;
  readonly known: readonly number[];
}

function shortened(name: string, known: readonly number[]): readonly string[] {
  const shown = known.slice(0, 4).map((index) => `\`${name}[${index}]\``);
  return known.length > 4 ? [...shown, "more"] : shown;
}
