import type { Dim, Shape } from "../ir.ts";
import type { Session } from "../session.ts";
import { add, divide, floor, Poly, type Quantity, subtract } from "../symbolic.ts";
import { alsoDivisible } from "./assume.ts";

/** The strides with which a 1×1 convolution brings one image to the height and width of another; null where none do. */
export function stridesBetween(from: Shape, to: Shape, session: Session): readonly [number, number] | null {
  if (from.length !== 3 || to.length !== 3) return null;
  const [vertical, horizontal] = [strideBetween(from[1], to[1], session), strideBetween(from[2], to[2], session)];
  return vertical === null || horizontal === null ? null : [vertical, horizontal];
}

function strideBetween(from: Dim, to: Dim, session: Session): number | null {
  const strides = from instanceof Poly || to instanceof Poly ? usualStrides : [Math.ceil(from / to)];
  return strides.find((stride) => session.relation(strided(from, stride, session), to) === "equal") ?? null;
}

function strided(size: Dim, stride: number, session: Session): Quantity {
  session.burnFloors(size, null);
  return add(floor(divide(subtract(size, 1), stride), session.assumptions), 1);
}

const usualStrides = [1, 2, 4, 8, 16, 32];

/** The least power of two for which it is enough that it divides the sizes; null where none of the usual is. */
export function settlingDivisor(sizes: readonly string[], holds: () => boolean, session: Session): number | null {
  const { assumptions } = session;
  try {
    for (const divisor of usualDivisors) {
      session.assumptions = alsoDivisible(assumptions, sizes, divisor);
      if (holds()) return divisor;
    }
    return null;
  } finally {
    session.assumptions = assumptions;
  }
}

const usualDivisors = [2, 4, 8, 16, 32, 64];
