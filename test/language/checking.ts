import { expect } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Activation, Architecture, Op } from "../../src/compiler/ir.ts";
import { formatShape } from "../../src/compiler/shape.ts";
import { formatQuantity } from "../../src/compiler/symbolic.ts";
import { formatValue } from "../../src/compiler/value.ts";
import { compileText } from "../compiling.ts";

type Given = Parameters<typeof compileText>[1];

/** A network around statements; `input` are the sizes of what enters. */
export function around(statements: string, input = "3, 8, 8", head = ""): string {
  return `${head}\nnetwork Net {\n  input image[${input}]\n  ${statements}\n}\n`;
}

/** The last network of a text in which nothing is wrong; warnings may come. */
export function networkIn(text: string, given?: Given): Architecture {
  const { architectures, diagnostics } = compileText(text, given);
  const wrong = diagnostics.filter(({ severity }) => severity !== "warning");
  expect(wrong.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  return architectures.at(-1) as Architecture;
}

/** What statements make of an image. */
export function network(statements: string, input?: string, head?: string): Architecture {
  return networkIn(around(statements, input, head));
}

/** The codes of all messages, by place. */
export function codesIn(text: string, given?: Given): readonly string[] {
  const { architectures, diagnostics } = compileText(text, given);
  // Nothing is silent: either networks come out, or something is said, or there is nothing to compile.
  if (architectures.length === 0 && /network/.test(text) && !given?.network) expect(diagnostics).not.toEqual([]);
  return diagnostics.map(({ code }) => code);
}

/** The codes of what is wrong with statements. */
export function codes(statements: string, input?: string, head?: string): readonly string[] {
  return codesIn(around(statements, input, head));
}

/** The messages of what is wrong with statements. */
export function messages(statements: string, input?: string, head?: string): readonly string[] {
  return compileText(around(statements, input, head)).diagnostics.map(({ message }) => message);
}

/** What an expression is worth, as the language writes it; `head` are declarations that it may use. */
export function worthOf(expression: string, head = ""): string {
  const { parameters } = networkIn(`${head}\nnetwork Net(x = ${expression}) { input image[3, 8, 8] relu }`);
  return formatValue(parameters[0]?.value ?? "");
}

/** The messages about an expression. */
export function mistakesOf(expression: string, head = ""): readonly string[] {
  return codesIn(`${head}\nnetwork Net(x = ${expression}) { input image[3, 8, 8] relu }`);
}

/** Whether a condition holds. */
export function holds(condition: string, head = ""): boolean {
  return worthOf(condition, head) === "true";
}

export function shapeOf({ shape }: Activation): string {
  return formatShape(shape);
}

/** The shape of the last tensor. */
export function outputOf(statements: string, input?: string, head?: string): string {
  return lastShape(network(statements, input, head));
}

export function lastShape({ outputs }: Architecture): string {
  return shapeOf((outputs[0] as Architecture["outputs"][number]).activation);
}

/** `conv1 <- image`: the ops and what they read. */
export function wiring({ ops, input }: Architecture): readonly string[] {
  const nameOf = (activation: Activation) => activation.maker?.name ?? input.name;
  return ops.map((op) => `${op.name} <- ${op.inputs.map(nameOf).join(" ")}`);
}

export function opNames({ ops }: Architecture): readonly string[] {
  return ops.map((op) => op.name);
}

/** The only op of a kind. */
export function onlyOp<K extends Op["kind"]>({ ops }: Architecture, kind: K): Extract<Op, { kind: K }> {
  const found = ops.filter((op): op is Extract<Op, { kind: K }> => op.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Extract<Op, { kind: K }>;
}

/** `name kind dtype [2, 3]`, in the order of the listing. */
export function tensorsOf({ tensors }: Architecture): readonly string[] {
  return tensors.map(({ name, kind, dtype, shape }) => `${name} ${kind} ${dtype} [${shape.join(", ")}]`);
}

export function tensorNames({ tensors }: Architecture): readonly string[] {
  return tensors.map(({ name }) => name);
}

/** Counts as people read them; polynomials where sizes are symbolic. */
export function countsOf(
  architecture: Architecture,
): Readonly<Record<"params" | "buffers" | "macs" | "depth", string>> {
  const { params, buffers, macs, depth } = count(architecture);
  return {
    params: formatQuantity(params),
    buffers: formatQuantity(buffers),
    macs: formatQuantity(macs),
    depth: String(depth),
  };
}
