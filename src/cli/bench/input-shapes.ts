import type { InputDescription } from "../../runtime/contender.ts";
import { listNames } from "../compilation.ts";
import { type Failure, usageFailure } from "../failure.ts";
import type { Subject } from "./subjects.ts";

/**
 * The shapes with which a model is run. An open size in front is the batch, unless --dim gives it; the others are those
 * of the subject. Throws a Failure that says which options are missing, or do not fit.
 */
export function inputShapes(
  inputs: readonly InputDescription[],
  { file, sizes }: Pick<Subject, "file" | "sizes">,
  batch: number | null,
): readonly (readonly number[])[] {
  const open = new Set<string>();
  const shapes = inputs.map(({ shape }) =>
    shape.map((size, axis) => {
      if (typeof size === "number") return size;
      const known = sizes.get(size) ?? (axis === 0 ? (batch ?? 1) : null);
      if (known === null) open.add(size);
      return known ?? 0;
    }),
  );
  if (open.size > 0) throw openSizes(file, inputs, [...open]);
  if (batch !== null && !shapes.some(([first]) => first === batch)) {
    throw usageFailure(`--batch ${batch} does not fit ${file}, which takes ${described(inputs)}`);
  }
  return shapes;
}

/** The open sizes of inputs that --dim can give. */
export function openNames(inputs: readonly InputDescription[]): readonly string[] {
  return inputs.flatMap(({ shape }) => shape.filter((size) => typeof size === "string" && size !== "")) as string[];
}

/** Refuses a size that no model has. */
export function refuseUnknownSizes(asked: Iterable<string>, known: ReadonlySet<string>): void {
  const unknown = [...asked].find((name) => !known.has(name));
  if (unknown === undefined) return;
  const help = known.size === 0 ? "their sizes are fixed" : `the open sizes are ${listNames([...known])}`;
  throw usageFailure(`--dim ${unknown}: no model has an open size of this name`, help);
}

function openSizes(file: string, inputs: readonly InputDescription[], names: readonly string[]): Failure {
  const message = `${file} takes ${described(inputs)}, and leaves open how large that is`;
  const hasNames = names.every((name) => /^[A-Za-z_]\w*$/.test(name));
  if (!hasNames) return usageFailure(message, "an open size has no name by which --dim could give it");
  return usageFailure(message, `give the size: ${names.map((name) => `--dim ${name}=…`).join(" ")}`);
}

/** `image [N, 3, ?, 224]` */
function described(inputs: readonly InputDescription[]): string {
  return inputs
    .map(({ name, shape }) => `${name} [${shape.map((size) => (size === "" ? "?" : size)).join(", ")}]`)
    .join(" and ");
}
