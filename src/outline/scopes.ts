import type { LayerStats } from "../compiler/count.ts";
import type { Architecture, DenseBlock, Op } from "../compiler/ir.ts";
import { formatQuantity } from "../compiler/symbolic.ts";

/** A scope or a layer of a network, with all layers in it. */
export interface Part {
  /** The last piece of the path: `denselayer1`. */
  readonly label: string;
  readonly path: string;
  readonly layers: readonly LayerStats[];
  /** In the order in which they first run; empty for a layer. */
  readonly parts: readonly Part[];
  readonly dense: DenseBlock | null;
  /** Two parts of the same form differ at most in channels, and in what follows from them. */
  readonly form: string;
  /** Two parts of the same form and the same figures cost the same. */
  readonly figures: string;
}

/** The layers of a network as their labels nest them, all of a scope together. */
export function scopesOf({ denseBlocks }: Architecture, layers: readonly LayerStats[]): readonly Part[] {
  return partsOf(layers, 0, "", { blocks: blocksOf(denseBlocks), keepsOrder: false });
}

/** The same in the order of execution: a scope that others interrupt comes again, so what a part reads stands before it. */
export function runsOf({ denseBlocks }: Architecture, layers: readonly LayerStats[]): readonly Part[] {
  return partsOf(layers, 0, "", { blocks: blocksOf(denseBlocks), keepsOrder: true });
}

function blocksOf(denseBlocks: readonly DenseBlock[]): ReadonlyMap<string, DenseBlock> {
  return new Map(denseBlocks.map((block) => [block.path, block]));
}

interface Nesting {
  readonly blocks: ReadonlyMap<string, DenseBlock>;
  readonly keepsOrder: boolean;
}

/** `skipped` characters at the start of the names are the path of the scope around, and its dot. */
function partsOf(layers: readonly LayerStats[], skipped: number, scope: string, nesting: Nesting): readonly Part[] {
  return membersOf(layers, skipped, nesting).map(([key, inside]) =>
    key.endsWith(".")
      ? scopePart(key.slice(0, -1), scope, inside, skipped + key.length, nesting)
      : layerPart(key, inside),
  );
}

function membersOf(layers: readonly LayerStats[], skipped: number, { keepsOrder }: Nesting) {
  const lists: (readonly [key: string, LayerStats[]])[] = [];
  const open = new Map<string, LayerStats[]>();
  for (const layer of layers) {
    const dot = layer.op.name.indexOf(".", skipped);
    // A layer and a scope may have the same label; a dot tells them apart.
    const key = layer.op.name.slice(skipped, dot < 0 ? undefined : dot + 1);
    const found = open.get(key);
    if (found) found.push(layer);
    else {
      if (keepsOrder) open.clear();
      const inside = [layer];
      open.set(key, inside);
      lists.push([key, inside]);
    }
  }
  return lists;
}

function scopePart(
  label: string,
  scope: string,
  layers: readonly LayerStats[],
  skipped: number,
  nesting: Nesting,
): Part {
  const path = scope === "" ? label : `${scope}.${label}`;
  const parts = partsOf(layers, skipped, path, nesting);
  const form = `{${parts.map((part) => part.form).join(" ")}}`;
  const figures = parts.map((part) => part.figures).join(" ");
  return { label, path, layers, parts, dense: nesting.blocks.get(path) ?? null, form, figures };
}

function layerPart(label: string, layers: readonly LayerStats[]): Part {
  const [{ op, training, params, macs }] = layers as readonly [LayerStats];
  const form = `${op.kind}${training ? "!" : ""}${windowOf(op)}`;
  const figures = [params, macs, ...op.output.shape].map(formatQuantity).join(",");
  return { label, path: op.name, layers, parts: [], dense: null, form, figures };
}

/** ` 3×3/2`: the window of a layer and its stride; empty for one that has none. */
export function windowOf(op: Op): string {
  switch (op.kind) {
    case "conv":
    case "deconv":
    case "maxpool":
    case "avgpool": {
      const { kernel, stride } = op.settings;
      const step = stride[0] === stride[1] ? String(stride[0]) : stride.join("×");
      return ` ${kernel.join("×")}${step === "1" ? "" : `/${step}`}`;
    }
    default:
      return "";
  }
}
