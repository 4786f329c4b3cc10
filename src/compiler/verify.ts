import { behindIdentities } from "./identity.ts";
import type { Activation, Architecture, Op } from "./ir.ts";

/**
 * States what elaboration promises of a network, and throws where our own code has broken it: every op reads what
 * came before it and is needed by an output, no tensor is published twice, sizes are at least 1, every stored tensor
 * has one owner and is listed once. That the names of ops are unique is kept by `Graph`, where they are given.
 */
export function verify(architecture: Architecture): Architecture {
  const all = [architecture.ops, architecture.trainingOps];
  verifyOrder(architecture);
  verifyTensors(architecture, all);
  for (const ops of all) for (const op of ops) verifySizes(op);
  return architecture;
}

function verifyOrder({ input, ops, trainingOps, outputs }: Architecture): void {
  const made = new Set<Activation>([input.activation]);
  for (const op of ops) verifyInputs(op, made);
  const published = new Set<Activation>();
  for (const { name, activation } of outputs) {
    const behind = behindIdentities(activation);
    if (!behind.maker || !made.has(activation)) throw broken(`no op makes the output ${name}`);
    if (published.has(behind)) throw broken(`the output ${name} is published twice`);
    published.add(behind);
  }
  if (outputs[0]?.name !== "output") throw broken("the last tensor is not published as output");
  const read = new Set(outputs.map((output) => output.activation));
  for (const op of ops) for (const input of op.inputs) read.add(input);
  for (const op of ops) if (!read.has(op.output)) throw broken(`nothing needs ${op.name}`);
  for (const op of trainingOps) verifyInputs(op, made);
}

function verifyInputs(op: Op, made: Set<Activation>): void {
  if (op.inputs.length === 0) throw broken(`${op.name} has no input`);
  for (const input of op.inputs) if (!made.has(input)) throw broken(`${op.name} reads what is made after it`);
  if (op.output.maker !== op) throw broken(`${op.name} does not make its output`);
  made.add(op.output);
}

function verifyTensors({ tensors }: Architecture, all: readonly (readonly Op[])[]): void {
  const listed = new Set(tensors.map((tensor) => tensor.name));
  if (listed.size !== tensors.length) throw broken("a tensor is listed twice");
  for (const ops of all) {
    for (const op of ops) {
      for (const { name, shape } of op.tensors) {
        if (!listed.delete(name)) throw broken(`${name} is stored twice or not listed`);
        if (!shape.every(isSize)) throw broken(`${name} has the shape [${shape.join(", ")}]`);
      }
    }
  }
  for (const name of listed) throw broken(`${name} belongs to no op`);
}

function verifySizes({ name, output }: Op): void {
  for (const size of output.shape) {
    if (typeof size === "number" && !isSize(size)) throw broken(`${name} makes the size ${size}`);
  }
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 1;
}

function broken(promise: string): Error {
  return new Error(`elaboration has broken a promise: ${promise}`);
}
