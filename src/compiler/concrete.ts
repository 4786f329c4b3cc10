import type { Architecture, Dim, Shape } from "./ir.ts";
import { type Assumptions, Poly, substitute, symbolsOf } from "./symbolic.ts";

/** The shape with its symbolic sizes given by `sizes`. Throws where one is missing or makes a size that is not whole. */
export function concreteShape(shape: Shape, sizes: ReadonlyMap<string, number>): readonly number[] {
  return shape.map((size) => concreteSize(size, sizes));
}

function concreteSize(size: Dim, sizes: ReadonlyMap<string, number>): number {
  const value = size instanceof Poly ? substitute(size, sizes) : size;
  if (typeof value !== "number") throw new Error("a size that is no number");
  return value;
}

/** For each symbolic size the least that meets the assumptions and makes an image of some pixels. */
export function smallestSizes({ input, assumptions }: Architecture): ReadonlyMap<string, number> {
  const names = input.activation.shape.flatMap((size) => [...symbolsOf(size)]);
  return new Map(names.map((name) => [name, smallestSize(name, assumptions)]));
}

const leastSide = 16;

function smallestSize(name: string, { symbols }: Assumptions): number {
  const { divisor, atLeast } = symbols.get(name) ?? { divisor: 1, atLeast: 1 };
  return Math.ceil(Math.max(leastSide, atLeast) / divisor) * divisor;
}
