import { ModelFault } from "./fault.ts";
import type { Attribute, Node } from "./node.ts";

/** What is known of a tensor: its shape, and its values where they are numbers that shapes are made of. */
export interface Operand {
  readonly shape: readonly number[];
  readonly values: readonly number[] | null;
  /** Whether the values lie beside the file. */
  readonly isBeside?: boolean;
}

/** A node with the shapes of its inputs, as the rules see it. */
export class Application {
  readonly #node: Node;
  readonly #operands: readonly (Operand | null)[];

  constructor(node: Node, operands: readonly (Operand | null)[]) {
    this.#node = node;
    this.#operands = operands;
  }

  get shapes(): readonly (readonly number[])[] {
    return this.#operands.flatMap((operand) => (operand ? [operand.shape] : []));
  }

  /** What an input is called. */
  name(index: number): string {
    return this.#node.inputs[index] ?? "";
  }

  shape(index: number): readonly number[] {
    return this.#operand(index).shape;
  }

  /** An image, [N, c, h, w]. */
  image(index: number): readonly [number, number, number, number] {
    const [n, c, h, w, ...others] = this.shape(index);
    if (n === undefined || c === undefined || h === undefined || w === undefined || others.length > 0) {
      throw fault(this.#node, `needs an image, but reads [${this.shape(index).join(", ")}]`);
    }
    return [n, c, h, w];
  }

  /** The numbers of an input that is a constant from which shapes are made, or is made from shapes. */
  values(index: number): readonly number[] {
    const { values } = this.#operand(index);
    if (!values) throw fault(this.#node, `needs the values of its input ${index + 1}`);
    return values;
  }

  /** Those from which a runtime infers shapes; ONNX Runtime does so before it has opened what lies beside the file. */
  valuesInside(index: number): readonly number[] {
    if (this.#operand(index).isBeside) {
      const problem = `${this.name(index)} lies beside the file, and must be in it: ${this.#node.name} takes a shape of it`;
      throw new ModelFault("model-external", problem);
    }
    return this.values(index);
  }

  number(name: string, otherwise: number): number {
    const value = this.#attribute(name) ?? otherwise;
    if (typeof value !== "number") throw fault(this.#node, `has no number as its ${name}`);
    return value;
  }

  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    const value = this.#attribute(name) ?? otherwise;
    if (typeof value !== "object") throw fault(this.#node, `has no list as its ${name}`);
    return value;
  }

  /** Throws where the shapes do not fit, and says how. */
  require(condition: boolean, problem: string): void {
    if (!condition) throw fault(this.#node, problem);
  }

  #attribute(name: string): Attribute | undefined {
    return this.#node.attributes.get(name);
  }

  #operand(index: number): Operand {
    const operand = this.#operands[index];
    if (!operand) throw fault(this.#node, `has no input ${index + 1}`);
    return operand;
  }
}

export function fault({ name, type }: Node, problem: string): ModelFault {
  return new ModelFault("model-inconsistent", `${name || "a node"} (${type}) ${problem}`);
}
