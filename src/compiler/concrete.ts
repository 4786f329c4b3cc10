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
  return new Map(symbolsIn(input).map((name) => [name, smallestSize(name, assumptions)]));
}

/** For each symbolic size one near that of ImageNet's images, as far as the program allows it. */
export function usualSizes({ input, assumptions }: Architecture): ReadonlyMap<string, number> {
  return new Map(symbolsIn(input).map((name) => [name, usualSize(name, assumptions)]));
}

function symbolsIn({ activation }: Architecture["input"]): readonly string[] {
  return [...new Set(activation.shape.flatMap((size) => [...symbolsOf(size)]))];
}

const leastSide = 16;
const usualSide = 224;

function smallestSize(name: string, { symbols }: Assumptions): number {
  const { divisor, atLeast } = symbols.get(name) ?? { divisor: 1, atLeast: 1 };
  return Math.ceil(Math.max(leastSide, atLeast) / divisor) * divisor;
}

function usualSize(name: string, { symbols }: Assumptions): number {
  const { divisor = 1, atLeast = 1, atMost = null } = symbols.get(name) ?? {};
  const size = Math.ceil(Math.max(usualSide, atLeast) / divisor) * divisor;
  return atMost !== null && size > atMost ? Math.floor(atMost / divisor) * divisor : size;
}
