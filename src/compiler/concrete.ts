import type { Dim, Shape } from "./ir.ts";
import { Poly, substitute } from "./symbolic.ts";

/** The shape with its symbolic sizes given by `sizes`. Throws where one is missing or makes a size that is not whole. */
export function concreteShape(shape: Shape, sizes: ReadonlyMap<string, number>): readonly number[] {
  return shape.map((size) => concreteSize(size, sizes));
}

function concreteSize(size: Dim, sizes: ReadonlyMap<string, number>): number {
  const value = size instanceof Poly ? substitute(size, sizes) : size;
  if (typeof value !== "number") throw new Error("a size that is no number");
  return value;
}
