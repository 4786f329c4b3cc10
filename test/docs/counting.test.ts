import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Activation, Architecture, Op, OpKind } from "../../src/compiler/ir.ts";
import { compileFile } from "../compiling.ts";

const root = path.join(import.meta.dirname, "..", "..");
const page = readFileSync(path.join(root, "docs/counting.md"), "utf8");

/** The rules of the table "What others count", as sums over the layers of a network. */
const tools: Readonly<Record<string, (net: Net) => number>> = {
  "dnetc, torchvision": (net) => net.macs,
  "PyTorch `FlopCounterMode`": (net) => 2 * net.macs,
  fvcore: (net) => net.macs + 2 * net.into("batchnorm") + net.into("globalavgpool"),
  ptflops: (net) =>
    net.macs +
    net.outOf("linear") +
    2 * net.into("batchnorm") +
    net.outOf("relu") +
    net.into("maxpool", "avgpool", "globalavgpool"),
  thop: (net) => net.macs + 4 * net.into("batchnorm") + net.outOf("avgpool") + net.poolingModule,
};

test("the table of two networks is what the rules of the tools give", () => {
  const [denseNet, resNet] = [networkOf("densenet-121", "DenseNet121", false), networkOf("resnet", "ResNet50", true)];
  for (const [tool, rule] of Object.entries(tools)) {
    expect(page).toContain(
      `| ${tool} | ${rule(denseNet).toLocaleString("en")} | ${rule(resNet).toLocaleString("en")} |`,
    );
  }
});

interface Net {
  readonly macs: number;
  /** Of a global pooling that torchvision applies as a module, not as a function. */
  readonly poolingModule: number;
  readonly into: (...kinds: readonly OpKind[]) => number;
  readonly outOf: (...kinds: readonly OpKind[]) => number;
}

function networkOf(file: string, network: string, poolsByModule: boolean): Net {
  const { architectures } = compileFile(path.join(root, "examples", `${file}.dnet`), undefined, { network });
  const { ops, ...rest } = architectures[0] as Architecture;
  const sum = (kinds: readonly OpKind[], values: (op: Op) => number) =>
    ops.filter(({ kind }) => kinds.includes(kind)).reduce((total, op) => total + values(op), 0);
  const into = (...kinds: readonly OpKind[]) => sum(kinds, (op) => valuesOf(op.inputs[0] as Activation));
  const outOf = (...kinds: readonly OpKind[]) => sum(kinds, (op) => valuesOf(op.output));
  const poolingModule = poolsByModule ? into("globalavgpool") + outOf("globalavgpool") : 0;
  return { macs: Number(count({ ops, ...rest }).macs), poolingModule, into, outOf };
}

function valuesOf({ shape }: Activation): number {
  return shape.reduce<number>((product, size) => product * Number(size), 1);
}
