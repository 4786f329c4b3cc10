import type { LayerStats } from "../compiler/count.ts";
import type { Activation, DenseBlock, Shape } from "../compiler/ir.ts";
import type { Family } from "./vocabulary.ts";

/** What is drawn at one level: nodes in the order of execution, and which reads which. */
export interface Sketch {
  readonly nodes: readonly Node[];
  /** From a node to a later one; `from` is −1 for what enters from outside, and `to` beyond the last for what leaves. */
  readonly edges: readonly Edge[];
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly activation: Activation;
}

export type Node = RowNode | ScopeNode | JoinNode | DenseNode | FrameNode | EndNode;

interface Common {
  /** The label, relative to the frame around it; empty where the compiler has made it up. */
  readonly label: string;
  readonly path: string;
  /** All of it; of repeated neighbours, those of all members. */
  readonly layers: readonly LayerStats[];
  /** How often it is there, one after another; or side by side, where `isParallel`. */
  readonly times: number;
  readonly isParallel: boolean;
  readonly isTraining: boolean;
  /** What leaves it, of the first member and of the last. */
  readonly shapes: readonly [Shape, Shape];
}

/** A piece of what a box says; what gives it its name is strong. */
export interface Word {
  readonly text: string;
  readonly isStrong: boolean;
}

/** Layers that are applied one after another: `conv 3×3, 64 · BN · ReLU`. */
export interface RowNode extends Common {
  readonly kind: "row";
  readonly family: Family;
  readonly words: readonly Word[];
}

/** A scope that is not opened. */
export interface ScopeNode extends Common {
  readonly kind: "scope";
  /** The name of the block that it is a use of; empty for a plain scope. */
  readonly blockName: string;
  readonly words: readonly Word[];
  /** All that leaves it. */
  readonly leaving: readonly Shape[];
  /** What is in it, in kinds and windows of layers. */
  readonly form: string;
  /** What is in it, as a drawing. */
  opened(): FrameNode;
}

/** Where lines meet, and the activation right behind. */
export interface JoinNode extends Common {
  readonly kind: "join";
  readonly words: readonly Word[];
}

/** A dense block, drawn with its connections. */
export interface DenseNode extends Common {
  readonly kind: "dense";
  readonly block: DenseBlock;
  /** What a layer does, as far as that can be said in a row. */
  readonly words: readonly Word[];
}

/** A scope that is opened, with one tensor that enters and one that leaves. */
export interface FrameNode extends Common {
  readonly kind: "frame";
  /** The name of the block that it is a use of; empty for a plain scope. */
  readonly blockName: string;
  readonly inside: Sketch;
}

/** The input of the network, or an output. */
export interface EndNode extends Common {
  readonly kind: "end";
}
