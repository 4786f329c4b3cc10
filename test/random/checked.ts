import { concreteShape } from "../../src/compiler/concrete.ts";
import { count } from "../../src/compiler/count.ts";
import type { Diagnostic } from "../../src/compiler/diagnostics.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { isExact } from "../../src/compiler/number.ts";
import { formatQuantity, type Quantity, sizeName, substitute } from "../../src/compiler/symbolic.ts";
import { compileFiles, type Given } from "../compiling.ts";
import { placeOfCounts, type RandomProgram } from "./program.ts";

/**
 * The networks of a valid program. Throws where it is refused, where a contract that states its own counts does not
 * hold, and where it counts otherwise once its open sizes are given.
 */
export function checkProgram(program: RandomProgram): readonly Architecture[] {
  const { text } = program;
  const architectures = networksOf(program);
  compiled(program, withContracts(text, architectures));
  for (const sizes of program.sizes) compareGiven(program, architectures, sizes);
  return architectures;
}

/** Throws where the program is refused. */
export function networksOf(program: RandomProgram): readonly Architecture[] {
  return compiled(program, program.text);
}

function compiled({ parts }: RandomProgram, text: string, given: Given = {}): readonly Architecture[] {
  const files = new Map([["test.dnet", text], ...(parts === null ? [] : [["parts.dnet", parts] as const])]);
  const { architectures, diagnostics } = compileFiles(files, "test.dnet", given);
  const wrong = diagnostics.filter(isWrong);
  if (wrong.length > 0) throw new Error(wrong.map((one) => `${one.code}: ${one.message}`).join("\n"));
  return architectures;
}

/** Nothing that the generator states is left open. */
function isWrong({ severity, code }: Diagnostic): boolean {
  return severity === "error" || code === "expect-undecided";
}

/** The counts of each network, as contracts of variants; those of the network itself also where they are open. */
function withContracts(text: string, architectures: readonly Architecture[]): string {
  const variants = architectures.map((architecture, i) => {
    const stated = countsOf(architecture).filter(([, quantity]) => isExact(quantity));
    return `network Counted${i} = ${architecture.name} { expect ${asContract(stated)} }`;
  });
  const own = architectures.find(({ name }) => name === "Random");
  const inside = own ? `expect ${asContract(countsOf(own))}` : "";
  return [text.replace(placeOfCounts, inside), ...variants].join("\n");
}

function countsOf(architecture: Architecture): readonly (readonly [string, Quantity])[] {
  const { params, buffers, macs, flops, depth } = count(architecture);
  return Object.entries({ params, buffers, macs, flops, depth });
}

function asContract(counts: readonly (readonly [string, Quantity])[]): string {
  return counts.map(([name, quantity]) => `${name} == ${sizeName(quantity)}`).join(" and ");
}

/** What a network with open sizes says of them must be what it says once they are given. */
function compareGiven(program: RandomProgram, open: readonly Architecture[], sizes: ReadonlyMap<string, number>): void {
  const dims = Object.fromEntries([...sizes].map(([name, size]) => [name, `${size}`]));
  for (const architecture of open.filter((one) => one.assumptions.symbols.size > 0)) {
    const [given] = compiled(program, program.text, { dims, network: architecture.name });
    if (!given) throw new Error(`${architecture.name} is gone once its sizes are given`);
    const [left, right] = [factsOf(architecture, sizes), factsOf(given, new Map())];
    if (left !== right) throw new Error(`of ${architecture.name}, with ${JSON.stringify(dims)}:\n${left}\n${right}`);
  }
}

function factsOf(architecture: Architecture, sizes: ReadonlyMap<string, number>): string {
  const { params, buffers, macs, flops, depth, memory } = count(architecture);
  const { weightBytes, concatBytes } = memory;
  const counts = Object.entries({ params, buffers, macs, flops, depth, weightBytes, concatBytes });
  const shapes = architecture.ops.map((op) => `${op.name} [${concreteShape(op.output.shape, sizes)}]`);
  return [...counts.map(([name, one]) => `${name} ${formatQuantity(at(one, sizes))}`), ...shapes].join("\n");
}

function at(quantity: Quantity, sizes: ReadonlyMap<string, number>): Quantity {
  return sizes.size === 0 ? quantity : substitute(quantity, sizes);
}
