import type {
  Activation,
  Architecture,
  DenseBlock,
  Dim,
  Op,
  OpKind,
  OpSettings,
  ResidualBranch,
  Shape,
  Site,
  Tensor,
} from "../ir.ts";
import type { TensorSpec } from "../layers/layer.ts";
import { LimitExceeded } from "../limits.ts";
import type { Session } from "../session.ts";
import type { Span } from "../source.ts";
import { formatQuantity, Poly, type Quantity } from "../symbolic.ts";
import { type Unknown, unknown } from "../value.ts";
import { NameScope } from "./naming.ts";

/** The network as it grows: ops in execution order, names, outputs. */
export class Graph {
  readonly session: Session;
  readonly names = new NameScope("");
  readonly ops: Op[] = [];
  readonly trainingOps: Op[] = [];
  readonly denseBlocks: DenseBlock[] = [];
  readonly residualBranches: ResidualBranch[] = [];
  readonly outputs: { readonly name: string; readonly activation: Activation; readonly span: Span }[] = [];
  readonly #opNames = new Set<string>();
  /** Names that several ops asked for, and the last number that one of them was given. */
  readonly #repeated = new Map<string, number>();
  readonly #madeInTraining = new Set<Activation>();
  /** The name of the network's input. */
  inputName = "";
  /** Null until the input is reached, and where its sizes are wrong. */
  input: Architecture["input"] | null = null;
  /** The statement of the input; null until it is reached. */
  inputSpan: Span | null = null;
  /** Inside `training { … }`. */
  training = false;

  constructor(session: Session) {
    this.session = session;
  }

  /** Adds an op and the tensors it stores under `scope`; `name` is its label path. Unknown, reported, if it is too large. */
  add<K extends OpKind>(op: {
    readonly kind: K;
    readonly name: string;
    readonly scope: NameScope | null;
    readonly inputs: readonly Activation[];
    readonly shape: Shape;
    readonly settings: OpSettings[K];
    readonly tensors: readonly TensorSpec[];
    readonly site: Site;
  }): Activation | Unknown {
    const { kind, inputs, settings, site, shape } = op;
    if (this.#isTooLarge(shape, kind, site)) return unknown;
    if (this.ops.length + this.trainingOps.length >= this.session.limits.ops) {
      throw new LimitExceeded("ops", site.span);
    }
    const stored = op.scope ? fuelPerPlace + op.tensors.length * fuelPerTensor : 0;
    const path = Math.ceil((op.name.length / shortPath) ** 2);
    for (const size of shape) this.session.burn(fuelOf(size), site.span);
    this.session.burn(fuelPerOp + stored + path, site.span);
    const tensors = op.scope ? this.#store(op.tensors, op.scope, site) : none;
    const name = this.#uniqueName(op.name);
    const output: { shape: Shape; maker: Op | null } = { shape, maker: null };
    // K is one kind, so this is one member of the union; TypeScript cannot see it through the type parameter.
    output.maker = { kind, name, inputs, output, settings, tensors, site } as unknown as Op;
    (this.training ? this.trainingOps : this.ops).push(output.maker);
    if (this.training) this.#madeInTraining.add(output);
    return output;
  }

  /** Is it made in `training { … }`, while this place is outside? */
  isOutOfReach(activation: Activation): boolean {
    return !this.training && this.#madeInTraining.has(activation);
  }

  /** Sizes are exact up to 2^53 − 1; layer upon layer may exceed that. */
  #isTooLarge(shape: Shape, kind: OpKind, site: Site): boolean {
    const side = shape.findIndex((size) => !(size instanceof Poly) && !Number.isSafeInteger(size));
    if (side < 0) return false;
    const role = `the ${sides[side] ?? "size"} of ${kind}`;
    this.session.report("too-large", site.span, { role, value: formatQuantity(shape[side] as Quantity) });
    return true;
  }

  #store(specs: readonly TensorSpec[], scope: NameScope, site: Site): readonly Tensor[] {
    const tensors = specs.map(({ role, shape, dtype, kind }): Tensor => {
      // Written out: V8 gives each object that is spread and then added to a hidden class of its own.
      const tensor = { name: scope.pathOf(role), role, shape, dtype, kind };
      const first = scope.siteOf(role);
      if (first) {
        const related = [{ span: first.span, message: "the first of that name" }];
        this.session.report("duplicate-tensor", site.span, { name: tensor.name }, { related });
      }
      return tensor;
    });
    scope.add(tensors, site);
    return tensors;
  }

  /** Two layers may share a label if their tensors differ; ONNX Runtime wants distinct names all the same. */
  #uniqueName(name: string): string {
    let unique = name;
    if (this.#opNames.has(name)) {
      let further = this.#repeated.get(name) ?? 1;
      while (this.#opNames.has(unique)) unique = `${name}_${++further}`;
      this.#repeated.set(name, further);
    }
    this.#opNames.add(unique);
    return unique;
  }
}

/** Many networks of one file may each have as many ops as are allowed. */
const fuelPerOp = 8;
/** Places in the tree of names and tensors take more memory than steps; this keeps many of them within the promise. */
export const fuelPerPlace = 25;
const fuelPerTensor = 8;
/** Long paths fill the memory before there are many of them, and engines look up very long names one by one. */
const shortPath = 32;
/** Sizes as polynomials take about 0.2 ms a layer, and more where floors of floors make them long. */
const fuelPerSymbolicSize = 350;

function fuelOf(size: Dim): number {
  if (!(size instanceof Poly)) return 0;
  const length = size.terms.reduce((sum, { monomial }) => sum + monomial.key.length, 0);
  return Math.ceil(fuelPerSymbolicSize + (length / 4) ** 2);
}
const none: readonly Tensor[] = [];
const sides = ["channels", "height", "width"];
