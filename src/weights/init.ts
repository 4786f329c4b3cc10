/**
 * How the weights of convolutions and linear layers begin, as the command line says it and a model records it. A constant
 * has no default: whoever wants the same number everywhere has one in mind.
 */
export type Init = "he" | "xavier" | "zeros" | `constant=${number}`;

/** What `text` says; null where it says nothing. Of a number that can be written in several ways it takes the shortest. */
export function readInit(text: string): Init | null {
  if (text === "he" || text === "xavier" || text === "zeros") return text;
  const digits = /^constant=([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/.exec(text)?.[1];
  const value = Number(digits ?? Number.NaN);
  return Number.isFinite(Math.fround(value)) ? `constant=${value}` : null;
}

/** The number of a constant. */
export function constantOf(init: `constant=${number}`): number {
  return Number(init.slice(init.indexOf("=") + 1));
}

/** How weights begin: their kind, and whether residual branches begin as nothing. */
export interface InitialKind {
  readonly init: Init;
  /**
   * The normalisations that end the branch of a `residual` begin with weight 0, so that each residual begins as its
   * shortcut (Goyal et al., "Accurate, Large Minibatch SGD", arXiv 1706.02677, Section 5.1).
   */
  readonly zeroInitResidual?: boolean;
}

const zeroed = "+zero-init-residual";

/** As a model records it. */
export function nameOfKind({ init, zeroInitResidual = false }: InitialKind): string {
  return zeroInitResidual ? `${init}${zeroed}` : init;
}

/** What a model records, if that is how weights begin. */
export function kindOfName(name: string): InitialKind | null {
  const zeroInitResidual = name.endsWith(zeroed);
  const init = readInit(zeroInitResidual ? name.slice(0, -zeroed.length) : name);
  return init && { init, zeroInitResidual };
}
