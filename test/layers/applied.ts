import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { formatShape } from "../../src/compiler/shape.ts";
import { formatQuantity } from "../../src/compiler/symbolic.ts";
import { compileText } from "../compiling.ts";

/** A network of these statements on an image. */
export function network(statements: string, input = "3, 32, 32"): Architecture {
  const { architectures, diagnostics } = compileText(`network Net {\n  input image[${input}]\n  ${statements}\n}\n`);
  const errors = diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return architectures[0] as Architecture;
}

/** The shape that comes out, as messages write it. */
export function shapeOf(statements: string, input?: string): string {
  const output = network(statements, input).outputs[0];
  if (!output) throw new Error("no output");
  return formatShape(output.activation.shape);
}

/** `name: dtype[shape] kind`, in order. */
export function tensorsOf(statements: string, input?: string): readonly string[] {
  return network(statements, input).tensors.map(
    ({ name, dtype, shape, kind }) => `${name}: ${dtype}[${shape.join(", ")}] ${kind}`,
  );
}

export function countsOf(statements: string, input?: string) {
  const { params, buffers, macs, depth } = count(network(statements, input));
  return { params: formatQuantity(params), buffers: formatQuantity(buffers), macs: formatQuantity(macs), depth };
}

/** The codes of what is wrong with a program. */
export function codesOf(statements: string, input = "3, 32, 32"): readonly string[] {
  const { diagnostics } = compileText(`network Net {\n  input image[${input}]\n  ${statements}\n}\n`);
  return diagnostics.map((one) => one.code);
}
