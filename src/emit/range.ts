import type { ElementType } from "./graph.ts";

/** What values are rounded to. */
export type HalfType = Extract<ElementType, "float16" | "bfloat16">;

export function isHalf(type: ElementType): type is HalfType {
  return type === "float16" || type === "bfloat16";
}

/** A tensor, and how many of its values have left the range of its type. */
export interface OutOfRange {
  readonly name: string;
  readonly elements: number;
  readonly count: number;
}

/** Finite values that the element type of a model cannot hold: what has been made of it is of no use. */
export class ValuesTooLarge extends Error {
  readonly type: HalfType;
  readonly tensors: readonly OutOfRange[];

  constructor(type: HalfType, tensors: readonly OutOfRange[]) {
    super(`values of ${tensors.map(({ name }) => name).join(", ")} are beyond ${type}`);
    this.type = type;
    this.tensors = tensors;
  }
}

/** Follows what is made of tensors stretch by stretch, so that all that leaves the range of their type is told together. */
export class RangeCheck {
  /** That of the values that left its range; null while none has. */
  type: HalfType | null = null;
  readonly #tooLarge = new Map<string, OutOfRange>();
  readonly #tooSmall = new Map<string, OutOfRange>();

  add(
    tensor: { readonly name: string; readonly type: ElementType; readonly elements: number },
    { overflowed, vanished }: { readonly overflowed: number; readonly vanished: number },
  ): void {
    const { type } = tensor;
    if (!isHalf(type) || overflowed + vanished === 0) return;
    this.type = type;
    addTo(this.#tooLarge, tensor, overflowed);
    addTo(this.#tooSmall, tensor, vanished);
  }

  /** The tensors of which one value in a hundred has become 0: fewer are among small numbers of any kind. */
  get faded(): readonly OutOfRange[] {
    return [...this.#tooSmall.values()].filter(({ count, elements }) => count * 100 >= elements);
  }

  /** Once all is made: throws ValuesTooLarge where something has overflowed. */
  refuse(): void {
    if (this.type !== null && this.#tooLarge.size > 0)
      throw new ValuesTooLarge(this.type, [...this.#tooLarge.values()]);
  }
}

function addTo(
  found: Map<string, OutOfRange>,
  { name, elements }: { readonly name: string; readonly elements: number },
  more: number,
): void {
  if (more > 0) found.set(name, { name, elements, count: (found.get(name)?.count ?? 0) + more });
}
