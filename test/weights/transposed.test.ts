import { describe, expect, it } from "vitest";
import { make, type ReadStretch } from "../../src/weights/make.ts";
import { grainOf, type StoredType, type Transposed } from "../../src/weights/recipe.ts";

const count = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1);

/** Value i of the file is i. */
function fileOf(shape: readonly number[], dtype: StoredType, reads: (readonly [number, number])[] = []): ReadStretch {
  const values = Array.from({ length: count(shape) }, (_, i) => i);
  const bytes = new Uint8Array((dtype === "F64" ? Float64Array : Float32Array).from(values).buffer);
  return (_, offset, length) => {
    reads.push([offset, length]);
    return bytes.slice(offset, offset + length);
  };
}

function recipeOf(shape: readonly number[], axes: readonly number[], dtype: StoredType = "F32"): Transposed {
  return { kind: "transposed", of: { kind: "stored", file: "w", offset: 0, dtype }, shape, axes };
}

/** Value by value: where in the file the value at `at` of the result is. */
function plainly(shape: readonly number[], axes: readonly number[]): readonly number[] {
  const sizes = axes.map((axis) => shape[axis] as number);
  return Array.from({ length: count(shape) }, (_, at) => {
    const place: number[] = [];
    let rest = at;
    for (const [i, size] of [...sizes.entries()].reverse()) {
      place[axes[i] as number] = rest % size;
      rest = Math.floor(rest / size);
    }
    return shape.reduce((index, size, axis) => index * size + (place[axis] as number), 0);
  });
}

describe("what lies in a file with its axes in another order", () => {
  it.each([
    ["a kernel of TensorFlow", [3, 2, 5, 7], [3, 2, 0, 1]],
    ["a depthwise kernel of TensorFlow", [3, 3, 8, 1], [2, 3, 0, 1]],
    ["outputs first, channels last", [6, 3, 2, 5], [0, 3, 1, 2]],
    ["a transposed convolution", [2, 2, 5, 7], [3, 2, 0, 1]],
    ["a matrix", [9, 4], [1, 0]],
    ["as it is", [2, 3, 4, 5], [0, 1, 2, 3]],
    ["outputs in the midst", [2, 5, 3, 4], [1, 0, 2, 3]],
    ["empty", [0, 4], [1, 0]],
  ] as const)("%s", (_, shape, axes) => {
    const expected = Float32Array.from(plainly(shape, axes));
    for (const dtype of ["F32", "F64"] as const) {
      const recipe = recipeOf(shape, axes, dtype);
      expect(make(recipe, "float32", 0, count(shape), fileOf(shape, dtype))).toEqual(expected);
    }
    for (const [from, to] of [
      [0, 1],
      [3, 17],
      [count(shape) - 5, count(shape)],
    ] as const) {
      if (to > count(shape)) continue;
      const made = make(recipeOf(shape, axes), "float32", from, to, fileOf(shape, "F32"));
      expect(made).toEqual(expected.subarray(from, to));
    }
  });

  it("is made row by row, and read together or apart", () => {
    const [rows, inputs] = [6000, 3];
    const shape = [inputs, rows];
    const recipe = recipeOf(shape, [1, 0]);
    expect(grainOf(recipe)).toBe(inputs);
    const expected = Float32Array.from(plainly(shape, [1, 0]));
    const [few, all]: [(readonly [number, number])[], (readonly [number, number])[]] = [[], []];
    expect(make(recipe, "float32", 300, 600, fileOf(shape, "F32", few))).toEqual(expected.subarray(300, 600));
    expect(few).toEqual([0, 1, 2].map((input) => [4 * (input * rows + 100), 400]));
    expect(make(recipe, "float32", 0, expected.length, fileOf(shape, "F32", all))).toEqual(expected);
    expect(all).toEqual([[0, 4 * expected.length]]);
  });
});
