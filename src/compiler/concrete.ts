import type { Architecture, Dim, Shape } from "./ir.ts";
import { formatQuantity, Poly, substitute, symbolsOf } from "./symbolic.ts";

/** The shape with its symbolic sizes given by `sizes`. Throws where one is missing or makes a size that is not whole. */
export function concreteShape(shape: Shape, sizes: ReadonlyMap<string, number>): readonly number[] {
  return shape.map((size) => concreteSize(size, sizes));
}

function concreteSize(size: Dim, sizes: ReadonlyMap<string, number>): number {
  const value = size instanceof Poly ? substitute(size, sizes) : size;
  if (typeof value !== "number") throw new Error("a size that is no number");
  return value;
}

/**
 * For each symbolic size about the least that meets the assumptions, makes an image of some pixels, and leaves every
 * layer at least one. Null where no side up to `largestSide` does.
 */
export function smallestSizes(architecture: Architecture): ReadonlyMap<string, number> | null {
  return sizesFrom(leastSide, architecture);
}

/** For each symbolic size one near that of ImageNet's images, as far as the program allows it. */
export function usualSizes(architecture: Architecture): ReadonlyMap<string, number> {
  return sizesFrom(usualSide, architecture) ?? sizesNear(usualSide, architecture);
}

const leastSide = 16;
const usualSide = 224;
const largestSide = 0x8000;

/** The first sizes that leave every layer a pixel: what is small enough is found by doubling, then by halving. */
function sizesFrom(side: number, architecture: Architecture): ReadonlyMap<string, number> | null {
  const open = openSizes(architecture);
  const fits = (one: number) => isPossible(open, sizesNear(one, architecture));
  if (open.length === 0 || fits(side)) return sizesNear(side, architecture);
  let [tooSmall, enough] = [side, side * 2];
  while (!fits(enough)) {
    if (enough >= largestSide) return null;
    [tooSmall, enough] = [enough, enough * 2];
  }
  while (enough - tooSmall > 1) {
    const middle = Math.floor((tooSmall + enough) / 2);
    if (fits(middle)) enough = middle;
    else tooSmall = middle;
  }
  return sizesNear(enough, architecture);
}

/** Every size that depends on the symbols, once. */
function openSizes({ input, ops }: Architecture): readonly Poly[] {
  const shapes = [input.activation.shape, ...ops.map((op) => op.output.shape)];
  const open = shapes.flatMap((shape) => shape.filter((size): size is Poly => size instanceof Poly));
  return [...new Map(open.map((size) => [formatQuantity(size), size])).values()];
}

function isPossible(open: readonly Poly[], sizes: ReadonlyMap<string, number>): boolean {
  return open.every((size) => concreteSize(size, sizes) >= 1);
}

/** For each symbol the least that meets the assumptions from `side` on; where they end before it, the greatest. */
function sizesNear(side: number, { input, assumptions }: Architecture): ReadonlyMap<string, number> {
  const names = [...new Set(input.activation.shape.flatMap((size) => [...symbolsOf(size)]))];
  return new Map(
    names.map((name) => {
      const { divisor = 1, atLeast = 1, atMost = null } = assumptions.symbols.get(name) ?? {};
      const size = Math.ceil(Math.max(side, atLeast) / divisor) * divisor;
      return [name, atMost !== null && size > atMost ? Math.floor(atMost / divisor) * divisor : size];
    }),
  );
}
