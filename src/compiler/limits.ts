import type { Span } from "./source.ts";

/**
 * What a program may cost. Everything within these bounds ends within 2 s and 512 MB on a small machine;
 * what exceeds one is told so by name, with exit code 4. `--limit NAME=N` changes one.
 */
export interface Limits {
  /** UTF-8 bytes of one source file. */
  readonly bytes: number;
  /** Tokens of one source file. */
  readonly tokens: number;
  /** Depth of brackets, of prefix operators and of calls. */
  readonly nesting: number;
  /** Layers and joins of one network, unrolled. */
  readonly ops: number;
  /** Bits of the numerator or denominator of a number. */
  readonly bits: number;
  /** Steps of evaluation in one compilation. */
  readonly fuel: number;
  /** Messages shown. */
  readonly messages: number;
}

export type LimitName = keyof Limits;

export const defaultLimits: Limits = {
  bytes: 256 * 1024,
  tokens: 50_000,
  nesting: 200,
  ops: 100_000,
  bits: 10_000,
  fuel: 5_000_000,
  messages: 100,
};

/** Ends a compilation from wherever it stands; `compile` turns it into the diagnostic `limit-NAME`. */
export class LimitExceeded extends Error {
  readonly limit: LimitName;
  readonly span: Span | null;

  constructor(limit: LimitName, span: Span | null) {
    super(`the limit ${limit} was exceeded`);
    this.limit = limit;
    this.span = span;
  }
}
