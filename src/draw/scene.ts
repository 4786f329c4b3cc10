import type { Op } from "../compiler/ir.ts";
import type { Family } from "./vocabulary.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Tone = "strong" | "plain" | "faint" | "badge";

/** Pieces of a line of text, one after another. */
export interface Text {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly size: number;
  readonly pieces: readonly { readonly text: string; readonly tone: Tone }[];
}

export interface Box {
  readonly id: string;
  readonly form: "box" | "pill" | "frame" | "end" | "dense";
  readonly family: Family;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isDashed: boolean;
  /** Sheets behind it, where it stands for several. */
  readonly isStacked: boolean;
  /** What a viewer tells of it when it is pointed at. */
  readonly title: string;
  readonly texts: readonly Text[];
  /** The layers that it shows, without those that boxes inside it show. */
  readonly ops: readonly Op[];
  /** The frame that it stands in; empty for none. */
  readonly around: string;
}

export interface Line {
  /** The boxes that it leads from and to. */
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  readonly hasArrow: boolean;
  readonly isDashed: boolean;
}

/** A layer in the picture of a dense block, or what enters or leaves it. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 for the first of the ramp of colours, 1 for the last. */
  readonly shade: number;
  readonly isEnd: boolean;
}

/** Dense connections: from one mark to all later ones. */
export interface Fan {
  readonly from: Point;
  readonly shade: number;
  readonly arcs: readonly { readonly to: number; readonly height: number }[];
  /** How thick the lines can be without growing together. */
  readonly weight: number;
}

/** All that is drawn, in the order in which it is painted. */
export interface Scene {
  readonly name: string;
  readonly subtitle: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly texts: readonly Text[];
  readonly marks: readonly Mark[];
  readonly fans: readonly Fan[];
}

/** What figures paint on. */
export class Canvas {
  readonly boxes: Box[] = [];
  readonly lines: Line[] = [];
  readonly marks: Mark[] = [];
  readonly fans: Fan[] = [];
  readonly texts: Text[] = [];
}
