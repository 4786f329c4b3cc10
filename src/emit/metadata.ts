import type { Architecture } from "../compiler/ir.ts";
import { denominatorOf, numeratorOf, Ratio, toDouble } from "../compiler/number.ts";
import { type Quantity, sizeName } from "../compiler/symbolic.ts";
import { formatValue, type Value } from "../compiler/value.ts";
import type { Dtype } from "./precision.ts";

/** What the compiler's shell knows of a model and the network does not. */
export interface Provenance {
  /** Of dnetc. */
  readonly version: string;
  /** SHA-256 of the source, in hexadecimal. */
  readonly sourceHash: string;
  /** How the weights came about: `he`, `zeros`, or as the shell names it. */
  readonly init: string;
  readonly seed: number | bigint;
  readonly params: Quantity;
  readonly macs: Quantity;
}

/**
 * The `metadata_props` of a model, always in this order. No path and no time: the same network makes the same bytes
 * everywhere. `tensorsHash` is the SHA-256 of the values of all initializers, one after another as in the file.
 */
export function metadataOf(
  architecture: Architecture,
  { provenance, dtype }: { readonly provenance: Provenance; readonly dtype: Dtype },
  tensorsHash: string,
): readonly (readonly [key: string, value: string])[] {
  const parameters = architecture.parameters.map(({ name, value }) => [name, jsonOf(value)] as const);
  return [
    ["dnetc.version", provenance.version],
    ["dnetc.source.sha256", provenance.sourceHash],
    ["dnetc.network", architecture.name],
    ["dnetc.parameters", JSON.stringify(Object.fromEntries(parameters))],
    ["dnetc.params", sizeName(provenance.params)],
    ["dnetc.macs", sizeName(provenance.macs)],
    ["dnetc.init", provenance.init],
    ["dnetc.seed", String(provenance.seed)],
    ...(dtype === "f32" ? [] : [["dnetc.dtype", dtype] as const]),
    ["dnetc.tensors.sha256", tensorsHash],
  ];
}

type Json = number | string | boolean | readonly Json[];

/** The value of a parameter. Whole numbers beyond 2^53, ranges, sizes and paddings as the text of the language. */
export function jsonOf(value: Value): Json {
  if (value instanceof Ratio) return denominatorOf(value) === 1n ? String(numeratorOf(value)) : toDouble(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  return typeof value === "object" ? formatValue(value) : value;
}
