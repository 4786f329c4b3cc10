import type { ApplyStatement } from "../ast/statements.ts";
import type { Related, Report } from "../diagnostics.ts";
import type { Activation, Shape, Site } from "../ir.ts";
import type { Input } from "../layers/layer.ts";
import type { BoundArguments } from "../resolve/resolution.ts";
import type { Span } from "../source.ts";
import type { Assumptions } from "../symbolic.ts";
import { type Context, siteOf } from "./context.ts";
import { madeBy } from "./describe.ts";

/** A tensor as it reaches a layer, by the statement that applies the layer or a construct which it is a part of. */
export class Arrival implements Input {
  readonly activation: Activation;
  readonly context: Context;
  readonly #statement: ApplyStatement;
  readonly #bound: BoundArguments | null;

  /** `bound` is null for the parts of a construct: messages about them underline its name. */
  constructor(activation: Activation, statement: ApplyStatement, bound: BoundArguments | null, context: Context) {
    this.activation = activation;
    this.context = context;
    this.#statement = statement;
    this.#bound = bound;
  }

  get shape(): Shape {
    return this.activation.shape;
  }

  get assumptions(): Assumptions {
    return this.context.session.assumptions;
  }

  get zeros(): Input["zeros"] {
    const { maker } = this.activation;
    return maker?.kind === "pad" ? maker.settings.pad : [0, 0, 0, 0];
  }

  get standardize(): number | null {
    return this.context.standardize;
  }

  get report(): Report {
    return this.context.session.report;
  }

  get construct(): string | null {
    return this.#bound ? null : this.#statement.name.text;
  }

  get site(): Site {
    return siteOf(this.#statement.head, this.context);
  }

  at(argument: string): Span {
    return this.#bound?.get(argument)?.value.span ?? this.#statement.name.span;
  }

  related(): readonly Related[] {
    const { maker } = this.activation;
    const isPart = this.construct !== null && maker?.site.span === this.#statement.head;
    return madeBy(this.activation, this.context, isPart ? `its ${maker.kind} ` : "");
  }
}
