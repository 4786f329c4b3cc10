import type { CallExpr, Expr } from "../ast/expressions.ts";
import type { Environment } from "../environment.ts";
import type { Place } from "../evaluate.ts";
import type { Activation, Shape, Site } from "../ir.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Session } from "../session.ts";
import type { Span } from "../source.ts";
import { type Unknown, unknown, type Value } from "../value.ts";
import type { Graph } from "./graph.ts";
import type { NameScope } from "./naming.ts";

/** The pipeline through a body: the tensor that the next layer takes. */
export interface Flow {
  /** Null before the input, `unknown` after an error. */
  current: Activation | Unknown | null;
}

/** What one use of a block, or the network, keeps to itself. */
export interface Frame {
  /** Where the block is used; null in the network. */
  readonly caller: Site | null;
  /** That of the last op: a statement in a loop has one site. */
  lastSite: Site | null;
  readonly tensors: Map<string, NamedTensor>;
  /** Contracts, judged when all ops of the block are known. */
  readonly contracts: Contract[];
}

/** A tensor named by `->`, alone or by index. */
export interface NamedTensor {
  readonly span: Span;
  /** Undefined where only indexed names were given. */
  alone?: Activation | Unknown;
  readonly indexed: Map<number, Activation | Unknown>;
}

/** An `expect` with the names and the tensor of the place where it stands. */
export interface Contract {
  readonly condition: Expr;
  readonly at: Place;
  readonly span: Span;
}

/** Everything that a statement needs to know of where it stands. */
export interface Context {
  readonly graph: Graph;
  readonly session: Session;
  readonly resolution: Resolution;
  readonly frame: Frame;
  readonly environment: Environment;
  readonly names: NameScope;
  readonly flow: Flow;
  /** Where the branches of the join are gathered whose braces stand around; null outside. */
  readonly branches: (Activation | Unknown)[] | null;
  /** The eps of an enclosing `standardize`. */
  readonly standardize: number | null;
  /** `--dim` */
  readonly dims: ReadonlyMap<string, number>;
}

/** Where an expression stands that is written here. */
export function placeOf(context: Context): Place {
  return {
    environment: context.environment,
    shape: () => shapeOf(context.flow.current),
    count: noCounts,
    functionOf: (call: CallExpr) => context.resolution.functions.get(call),
    session: context.session,
  };
}

export function shapeOf(activation: Activation | Unknown | null): Shape | Unknown | null {
  return activation === null || activation === unknown ? activation : activation.shape;
}

export function siteOf(span: Span, context: Context): Site {
  const { frame } = context;
  const known = frame.lastSite;
  if (known?.span === span) return known;
  frame.lastSite = { span, caller: frame.caller };
  return frame.lastSite;
}

const noCounts = (): Value | undefined => undefined;
