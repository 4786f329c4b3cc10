import type { LayerStats } from "../../compiler/count.ts";
import type { Shape } from "../../compiler/ir.ts";
import type { ReceptiveField } from "../../compiler/receptive-field.ts";
import { formatFactor } from "../../compiler/shape.ts";
import { type Assumptions, add, Greatest, type Quantity } from "../../compiler/symbolic.ts";
import { windowOf } from "../../outline/scopes.ts";
import type { Row } from "./rows.ts";

/** What the parts of a row cost together. */
export interface Measures {
  /** `dense`, `conv 3×3/2`; empty for other scopes. */
  readonly kind: string;
  /** `64×112×112`; of parts that differ in channels `96 … 256×56×56`. */
  readonly output: string;
  readonly field: ReceptiveField;
  readonly params: Quantity;
  readonly macs: Quantity;
  /** The most that is alive while they run; several where symbolic sizes decide, none where those would be too many. */
  readonly alive: readonly Quantity[];
}

export function measure(row: Row, assumptions: Assumptions): Measures {
  const last = lastLayer(row.members.at(-1)?.layers ?? []);
  const greatest = new Greatest<null>(assumptions);
  let params: Quantity = 0;
  let macs: Quantity = 0;
  for (const { layers } of row.members) {
    for (const layer of layers) {
      params = add(params, layer.params);
      macs = add(macs, layer.macs);
      greatest.offer(layer.aliveBytes, null);
    }
  }
  return {
    kind: kindOf(row),
    output: outputOf(row),
    field: last.receptiveField,
    params,
    macs,
    alive: (greatest.candidates ?? []).map(({ quantity }) => quantity),
  };
}

function kindOf({ members }: Row): string {
  const [part] = members;
  if (!part || part.parts.length > 0) return part?.dense ? "dense" : "";
  const { op, training } = lastLayer(part.layers);
  return `${op.kind}${windowOf(op)}${training ? " (training)" : ""}`;
}

function outputOf({ members }: Row): string {
  const shapes = members.map(({ layers }) => lastLayer(layers).op.output.shape);
  const [first, last] = [shapes[0], shapes.at(-1)] as readonly [Shape, Shape];
  const channels = formatFactor(first[0]);
  const range = channels === formatFactor(last[0]) ? channels : `${channels} … ${formatFactor(last[0])}`;
  return [range, ...last.slice(1).map(formatFactor)].join("×");
}

/** The last that runs at inference; in `training { … }` the last. */
function lastLayer(layers: readonly LayerStats[]): LayerStats {
  return (layers.findLast(({ training }) => !training) ?? layers.at(-1)) as LayerStats;
}
