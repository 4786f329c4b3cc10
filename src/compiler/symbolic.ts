/**
 * Exact arithmetic with sizes that are not known: in `input image[3, H, W]` every shape and count is a polynomial
 * of H and W, with floors. What is proved of one holds for all sizes that meet the assumptions.
 */
export { type Assumptions, noAssumptions, type SymbolFacts } from "./symbolic/assumptions.ts";
export type { Bounds } from "./symbolic/bounds.ts";
export { bounds, compare, type Relation } from "./symbolic/compare.ts";
export { ceil, floor, isWhole, modulo, simplify, substitute } from "./symbolic/floor.ts";
export { formatQuantity, sizeName } from "./symbolic/format.ts";
export { type Candidate, Greatest } from "./symbolic/greatest.ts";
export {
  add,
  divide,
  largestPoly,
  multiply,
  negate,
  Poly,
  type Quantity,
  sameQuantity,
  subtract,
  symbol,
  symbolsOf,
} from "./symbolic/poly.ts";
