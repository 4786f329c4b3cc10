import type { Activation, Op, OpKind } from "../ir.ts";
import { roles } from "./role.ts";
import { plainRule } from "./rule.ts";

/** An activation that finds only numbers which it leaves as they are. */
export const idleActivation = plainRule({
  code: "lint-idle-activation",
  *find({ ops }) {
    for (const op of ops) {
      const keeps = kept[op.kind];
      const maker = keeps && activationBefore(op);
      if (maker && keeps.makers.has(maker.kind)) {
        yield { op, fact: { kind: op.kind, maker: maker.name, range: keeps.range } };
      }
    }
  },
});

interface Kept {
  readonly range: string;
  readonly makers: ReadonlySet<OpKind>;
}

const unit: readonly OpKind[] = ["sigmoid", "hardsigmoid", "softmax"];
const positive: Kept = { range: "at least 0", makers: new Set<OpKind>(["relu", "relu6", ...unit]) };
const bounded: Kept = { range: "from 0 to 6", makers: new Set<OpKind>(["relu6", ...unit]) };

/** The numbers that an activation leaves as they are. */
const kept: { readonly [K in OpKind]?: Kept } = { relu: positive, leakyrelu: positive, relu6: bounded };

/** The activation before, past what keeps numbers in a range that holds 0; a long way is not walked. */
function activationBefore(op: Op): Op | null {
  let at = op.inputs[0] as Activation;
  for (let i = 0; i < furthest && at.maker; i++) {
    const role = roles[at.maker.kind];
    if (role === "activation") return at.maker;
    if (role !== "pooling" && role !== "arrangement") return null;
    at = at.maker.inputs[0] as Activation;
  }
  return null;
}

const furthest = 8;
