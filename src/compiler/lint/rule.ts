import type { Code, Extra, Facts } from "../diagnostics.ts";
import type { Activation, Op } from "../ir.ts";

/** A checked network as rules look at it. */
export interface Linted {
  /** In execution order, those of `training` last. */
  readonly ops: readonly Op[];
  /** The tensors that leave the network. */
  readonly published: ReadonlySet<Activation>;
}

/** An op that a rule speaks of, and what it found there. */
export interface Finding<F> {
  readonly op: Op;
  readonly fact: F;
}

/**
 * One thing that a careful reviewer would say, and that holds whatever the weights are. To add a rule: a file of its
 * own, its words in `messages/lint.ts`, and its line in the table of `lint.ts`.
 */
export interface Rule<C extends Code, F> {
  readonly code: C;
  find(network: Linted): Iterable<Finding<F>>;
  /** The words about one place of the source, where a loop or a block may have made many findings; at least one. */
  say(facts: readonly [F, ...F[]]): { readonly facts: Facts<C>; readonly extra?: Extra };
}

/** A rule whose findings are the facts of its message: at one place the first speaks for all. */
export function plainRule<C extends Code>(rule: Pick<Rule<C, Facts<C>>, "code" | "find">): Rule<C, Facts<C>> {
  return { ...rule, say: ([facts]) => ({ facts }) };
}
