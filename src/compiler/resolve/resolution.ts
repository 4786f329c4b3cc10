import type { CallExpr, Name, NameExpr } from "../ast/expressions.ts";
import type {
  BlockDeclaration,
  FnDeclaration,
  NetworkDeclaration,
  Program,
  VariantDeclaration,
} from "../ast/program.ts";
import type { ApplyStatement, Arg, LetDeclaration } from "../ast/statements.ts";
import type { ConstructName } from "../constructs.ts";
import type { Environment } from "../environment.ts";
import type { AnyLayer } from "../layers/layer.ts";
import type { Local } from "./scope.ts";

/** A file with the declarations that its names can mean, imported ones included. */
export interface Unit {
  readonly program: Program;
  readonly declared: ReadonlyMap<string, Declared>;
  /** Imported names that are not there, as is reported: what they mean nobody knows, so their uses are not judged. */
  readonly missing: ReadonlySet<string>;
  /** The values at the top level; each is evaluated when it is first asked for. */
  readonly environment: Environment;
}

export type NamedDeclaration =
  | NetworkDeclaration
  | VariantDeclaration
  | BlockDeclaration
  | FnDeclaration
  | LetDeclaration;

/** A declaration and the file in which its own names are looked up. */
export interface Declared<D extends NamedDeclaration = NamedDeclaration> {
  readonly declaration: D;
  readonly unit: Unit;
}

export type FunctionTarget =
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "fn"; readonly declaration: FnDeclaration; readonly environment: Environment };

export type ApplyTarget =
  | { readonly kind: "layer"; readonly layer: AnyLayer }
  | { readonly kind: "construct"; readonly name: ConstructName }
  | { readonly kind: "block"; readonly block: Declared<BlockDeclaration> };

/** The arguments of a use by the names of the parameters. */
export type BoundArguments = ReadonlyMap<string, Arg>;

/** What every name means. A use without an entry has an error that is already reported. */
export interface Resolution {
  readonly targets: Map<ApplyStatement, ApplyTarget>;
  readonly functions: Map<CallExpr, FunctionTarget>;
  readonly bound: Map<ApplyStatement | VariantDeclaration, BoundArguments>;
  /** Sizes of an input that are names of their own: H of `input image[3, H, W]`. */
  readonly symbols: Set<NameExpr>;
  /** Names that mean a `let` of the top level. */
  readonly values: Map<NameExpr, LetDeclaration>;
  /** Uses of tensors that no `->` of the body names. */
  readonly unknownTensors: Set<Name>;
  /** Per variant what stands behind its `=`. */
  readonly bases: Map<VariantDeclaration, Declared<NetworkDeclaration | VariantDeclaration>>;
  /** Per variant the network that it comes from in the end, once it was asked for. */
  readonly roots: Map<VariantDeclaration, NetworkDeclaration | null>;
  /** The names that are given within declarations. */
  readonly locals: Local[];
  /** Per file the names of declarations, its own and imported ones, that it uses. */
  readonly used: Map<Unit, Set<string>>;
}

export function emptyResolution(): Resolution {
  return {
    targets: new Map(),
    functions: new Map(),
    bound: new Map(),
    symbols: new Set(),
    values: new Map(),
    unknownTensors: new Set(),
    bases: new Map(),
    roots: new Map(),
    locals: [],
    used: new Map(),
  };
}
