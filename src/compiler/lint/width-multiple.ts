import type { Activation, Op } from "../ir.ts";
import { roles } from "./role.ts";
import type { Linted, Rule } from "./rule.ts";

/** Widths that the author chose and that leave a part of the hardware idle. */
export const widthMultiple: Rule<"lint-width-multiple", number> = {
  code: "lint-width-multiple",
  *find(network) {
    const heads = headsOf(network);
    for (const op of network.ops) {
      if (op.kind !== "conv" && op.kind !== "deconv") continue;
      const { channels } = op.settings;
      if (channels % lanes !== 0 && !heads.has(op) && !isOfNoWeight(op)) yield { op, fact: channels };
    }
  },
  say(facts) {
    const widths = [...new Set(facts)].sort((a, b) => a - b);
    const notes = widths.slice(0, shown).map((width) => {
      const all = Math.ceil(width / lanes) * lanes;
      return `${width} of ${all} lanes do work: ${Math.round((100 * width) / all)} %`;
    });
    return { facts: { widths }, extra: { notes } };
  },
};

const lanes = 16;
const shown = 3;

/** The width of a depthwise convolution was chosen before it, and one pixel costs nothing. */
function isOfNoWeight(op: Op & { kind: "conv" | "deconv" }): boolean {
  const { groups, channels, inChannels } = op.settings;
  const [, height, width] = op.output.shape;
  return (groups > 1 && groups === inChannels && groups === channels) || (height === 1 && width === 1);
}

/** The ops that make an output, whose width is that of the task, but for activations and resizing after them. */
function headsOf({ published }: Linted): ReadonlySet<Op> {
  const heads = new Set<Op>();
  for (const output of published) {
    let at: Activation = output;
    for (let i = 0; i < furthest && at.maker && followsHead.has(roles[at.maker.kind]); i++) {
      at = at.maker.inputs[0] as Activation;
    }
    if (at.maker) heads.add(at.maker);
  }
  return heads;
}

const furthest = 8;
const followsHead: ReadonlySet<string> = new Set(["activation", "arrangement", "pooling", "dropping"]);
