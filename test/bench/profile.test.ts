import { describe, expect, test } from "vitest";
import { type ProfileEvent, runsOf } from "../../src/runtime/profile.ts";
import { kernelsOf, peakOf } from "../../src/runtime/profile-summary.ts";

interface Allocation {
  readonly requested: number;
  readonly byNode: number;
  /** Rounded up by the arena; what the node needed for itself is over when it is noted. */
  readonly given: number;
  readonly most: number;
}

function ran(name: string, op: string, dur: number, memory?: Allocation): ProfileEvent {
  const sizes = memory && {
    mem_bytes_requested_in_use: String(memory.requested),
    mem_requested_in_use_delta: String(memory.byNode),
    mem_bytes_in_use: String(memory.given),
    mem_in_use_delta: String(memory.byNode),
    mem_in_use_peak: String(memory.most),
  };
  const args = { provider: "CPUExecutionProvider", op_name: op, ...sizes };
  return { cat: "Node", name: `${name}_kernel_time`, dur, args };
}

const over: ProfileEvent = { cat: "Session", name: "model_run", dur: 9_000 };

describe("a profile", () => {
  test("has the nodes of each run", () => {
    const other = { cat: "Session", name: "session_initialization", dur: 5 };
    const fence = { cat: "Node", name: "a_fence_before", dur: 1 };
    const runs = runsOf([other, fence, ran("a", "Conv", 100), over, ran("a", "Conv", 300), ran("b", "Relu", 10), over]);
    expect(runs.map((nodes) => nodes.map(({ name, op, milliseconds }) => [name, op, milliseconds]))).toEqual([
      [["a", "Conv", 0.1]],
      [
        ["a", "Conv", 0.3],
        ["b", "Relu", 0.01],
      ],
    ]);
  });

  test("tells where the time went, by operator", () => {
    const run = (concat: number) => [
      ran("a", "Conv", 4_000),
      ran("b", "Concat", concat),
      ran("c", "Conv", 2_000),
      over,
    ];
    expect(kernelsOf(runsOf([...run(1_000), ...run(3_000)]))).toEqual([
      { op: "Conv", nodes: 2, milliseconds: 6, share: 0.75 },
      { op: "Concat", nodes: 1, milliseconds: 2, share: 0.25 },
    ]);
  });

  test("without a node tells of none", () => {
    expect(kernelsOf([[]])).toEqual([]);
    expect(peakOf([])).toBeNull();
  });
});

// A block x → a → b, then Concat of x and b: 1000 bytes are held between runs, x has 64, a 256, b 32. The Concat reads
// x and b after a is gone; a and b need 8 and 100 bytes for themselves.
const allocations: readonly (readonly [string, string, Allocation])[] = [
  ["x", "Conv", { requested: 1064, byNode: 64, given: 1064, most: 1064 }],
  ["a", "Conv", { requested: 1320, byNode: 256, given: 1320, most: 1328 }],
  ["b", "Conv", { requested: 1352, byNode: 32, given: 1352, most: 1452 }],
  ["c", "Concat", { requested: 1192, byNode: 96, given: 1192, most: 1452 }],
];

describe("the peak of the memory", () => {
  const [run = []] = runsOf([...allocations.map(([name, op, memory]) => ran(name, op, 1, memory)), over]);

  test("is that of the tensors that are there at once, and of what kernels need", () => {
    expect(peakOf(run)).toEqual({ tensorBytes: 64 + 256 + 32, node: "b", arenaBytes: 64 + 256 + 32 + 100 });
  });

  test("is not told where the profile does not say what was allocated", () => {
    expect(peakOf(runsOf([ran("a", "Conv", 1), over])[0] ?? [])).toBeNull();
  });
});
