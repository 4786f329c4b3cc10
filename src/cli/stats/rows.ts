import type { DenseBlock } from "../../compiler/ir.ts";
import { nameOfRow, repetitionAt } from "../../outline/repetition.ts";
import type { Part } from "../../outline/scopes.ts";

/** A line of the table: a part of the network, or several alike. */
export interface Row {
  /** How deep in the scopes it stands, from 0. */
  readonly level: number;
  /** `denselayer1`, or `denselayer1 … 6` for several. */
  readonly label: string;
  readonly path: string;
  /** The parts that are added up. */
  readonly members: readonly Part[];
  /** Of a row of dense blocks that are all alike. */
  readonly dense: DenseBlock | null;
}

/** How many levels of scopes to open; `auto`: as many as give a table of about one screen. */
export type Depth = number | "all" | "auto";

/** The rows of the table. With `all` every layer has its own; otherwise neighbours that repeat share one. */
export function rowsOf(parts: readonly Part[], depth: Depth): readonly Row[] {
  const columns = parts.map((part) => [part]);
  if (depth !== "auto") return open(columns, { depth: depth === "all" ? Infinity : depth, rollsUp: depth !== "all" });
  let rows = open(columns, { depth: 1, rollsUp: true });
  for (let levels = 2; ; levels++) {
    const deeper = open(columns, { depth: levels, rollsUp: true });
    if (deeper.length > oneScreen || deeper.length === rows.length) return rows;
    rows = deeper;
  }
}

/** Rows that fit a screen together with the totals. */
const oneScreen = 30;

interface Opening {
  readonly depth: number;
  readonly rollsUp: boolean;
}

/** `columns` are the parts of a scope; of several scopes alike, those at the same place in each of them. */
function open(
  columns: readonly (readonly Part[])[],
  opening: Opening,
  level = 0,
  prefix = "",
  inDense = false,
): readonly Row[] {
  const groups = opening.rollsUp ? rollUp(columns, inDense) : columns;
  return groups.flatMap((members) => {
    const label = nameOfRow(members.map((member) => member.label));
    const path = `${prefix}${label}`;
    const [first] = members as readonly [Part];
    const dense = members.every(({ figures }) => figures === first.figures) ? first.dense : null;
    const row: Row = { level, label, path, members, dense };
    if (level + 1 >= opening.depth) return [row];
    const inside = first.parts.map((_, place) => members.map((member) => member.parts[place] as Part));
    return [row, ...open(inside, opening, level + 1, `${path}.`, first.dense !== null)];
  });
}

/**
 * Neighbours that repeat, together: `denselayer1 concat1 denselayer2 concat2 …` as all the layers and all the Concats.
 * In a dense block their channels grow; elsewhere they must cost the same.
 */
function rollUp(columns: readonly (readonly Part[])[], inDense: boolean): readonly (readonly Part[])[] {
  const keys = columns.map(([first]) => (inDense ? first?.form : `${first?.form} ${first?.figures}`));
  const groups: (readonly Part[])[] = [];
  for (let at = 0; at < columns.length; ) {
    const { period, times } = repetitionAt(keys, at, inDense);
    for (let place = 0; place < period; place++) {
      groups.push(Array.from({ length: times }, (_, time) => columns[at + place + time * period] ?? []).flat());
    }
    at += period * times;
  }
  return groups;
}
