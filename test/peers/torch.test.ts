import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Architecture, Op, Padding } from "../../src/compiler/ir.ts";
import { prepare } from "../../src/reference/table.ts";
import { type Case, sizes } from "../emit/case.ts";
import { cases } from "../emit/cases.ts";
import { Network } from "../emit/network.ts";
import { randomWeights, sample } from "../emit/running.ts";

const python = "/usr/bin/python3";
const missing = spawnSync(python, ["-c", "import torch"]).status !== 0;
const title = missing ? "PyTorch: skipped, apt install python3-torch to run it" : "PyTorch";

/** Every op of one input of the cases of emission, in float64. What joins several is a sum, a product or no arithmetic. */
describe.skipIf(missing)(title, () => {
  it("computes what the reference does, op by op", { timeout: 120_000 }, () => {
    const single = Object.entries(cases).flatMap(([kind, ofKind]) => {
      return Object.entries(ofKind).flatMap(([name, one]) => computed(`${kind}: ${name}`, one));
    });
    expect(new Set(single.map(({ op }) => op.kind)).size).toBe(Object.keys(cases).length - joins.length);
    const results = inPyTorch(single.map((one) => one.asked));
    for (const [i, { name, shape, data }] of single.entries()) {
      const [foundShape, found] = results[i] as Result;
      expect(foundShape, name).toEqual(shape);
      const farthest = found.reduce((most, value, at) => Math.max(most, Math.abs(value - (data[at] as number))), 0);
      expect(farthest, name).toBeLessThan(1e-13 * Math.max(1, ...data.map(Math.abs)));
    }
  });
});

const joins = ["concat", "add", "mean", "mul"];

/** The first op of a case, if PyTorch has it: not what joins several tensors, nor a mean over uneven padding. */
function computed(name: string, one: Case) {
  const network = new Network(one.input);
  const architecture = network.architecture(one.build(network, network.input));
  const [op] = architecture.ops as [Op];
  if (joins.includes(name.split(":")[0] ?? "") || (op.kind === "avgpool" && isUneven(op.settings.pad))) return [];
  const stored = storedOf(architecture, op);
  const shape = sizes(op.output.shape);
  const tensor = (role: string) => stored[role]?.[1] as Float32Array;
  const x = { shape: sizes(one.input), data: Float64Array.from(sample(sizes(one.input)).data) };
  const { data } = prepare(op, { shape, tensor })([x]);
  const asked = {
    kind: op.kind,
    settings: op.settings,
    input: [x.shape, [...x.data]],
    stored: Object.fromEntries(
      Object.entries(stored).map(([role, [of, values]]) => [role, [of, [...values].map(Number)]]),
    ),
  };
  return [{ name, op, shape, data, asked }];
}

function isUneven([top, left, bottom, right]: Padding): boolean {
  return top !== bottom || left !== right;
}

function storedOf(architecture: Architecture, op: Op) {
  const weights = randomWeights(architecture);
  const read = op.tensors.filter(({ role }) => role !== "num_batches_tracked");
  return Object.fromEntries(read.map((one) => [one.role, [one.shape, weights.data(one)] as const]));
}

type Result = readonly [shape: readonly number[], values: readonly number[]];

function inPyTorch(asked: readonly object[]): readonly Result[] {
  const folder = mkdtempSync(join(tmpdir(), "dnetc-torch-"));
  try {
    const file = join(folder, "cases.json");
    writeFileSync(file, JSON.stringify(asked));
    const script = join(import.meta.dirname, "evaluate_ops.py");
    const { stdout, stderr, status } = spawnSync(python, [script, file], { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
