import type { BenchFlags } from "../commands/bench.ts";
import { type Json, layOutJson } from "../json.ts";
import { median } from "../statistics.ts";
import { compared, concatShare, latencyOf } from "./figures.ts";
import type { Lane } from "./lane.ts";
import type { Gathered } from "./subjects.ts";

/** What `bench --format json` prints. Fields are only added. */
export function benchJson(
  lanes: readonly Lane[],
  failures: Gathered["failures"],
  { seed, threads }: BenchFlags,
): string {
  const ok = failures.length === 0 && lanes.every(({ refusal }) => !refusal);
  const bases = new Map(compared(lanes).map(({ lane, base }) => [lane, base]));
  const runtime = lanes.find(({ opened }) => opened)?.opened?.version ?? null;
  const rounds = Math.max(0, ...[...bases.keys()].map(({ roundsMs }) => roundsMs.length));
  const results = lanes.map((lane) => record(lane, bases.get(lane) ?? null));
  return layOutJson({
    schemaVersion: 1,
    ok,
    runtime,
    rounds,
    seed: seedJson(seed),
    threads: threads ?? null,
    results,
    failures,
  });
}

/** As text what a reader's number might not hold. */
function seedJson(seed: bigint): Json {
  return seed <= Number.MAX_SAFE_INTEGER ? Number(seed) : String(seed);
}

function record(lane: Lane, base: Lane | null): Json {
  const { subject, device, refusal, opened, code } = lane;
  const about = { network: subject.network, file: subject.file, device, ok: refusal === null };
  if (refusal || !opened) return { ...about, problem: refusal?.reason ?? "", code };
  const { loadMs, createMs, provider, adapter } = opened;
  return {
    ...about,
    provider,
    adapter,
    inputs: opened.inputs.map(({ name, dtype }, at) => ({ name, dtype, shape: lane.shapes[at] ?? [] })),
    latency: latencyJson(lane, base),
    session: { loadMs, firstMs: createMs, medianMs: median(lane.sessionsMs), sessionsMs: lane.sessionsMs },
    kernels:
      lane.profile?.kernels.map(({ op, nodes, milliseconds, share }) => ({ op, nodes, ms: milliseconds, share })) ??
      null,
    concatShare: concatShare(lane),
    memory: memoryJson(lane),
  };
}

function latencyJson(lane: Lane, base: Lane | null): Json {
  const { medianMs, p95Ms, leastMs, ratio } = latencyOf(lane, base);
  const { low = null, high = null } = ratio?.interval ?? {};
  return { medianMs, p95Ms, leastMs, ratio: ratio && { median: ratio.median, low, high }, roundsMs: lane.roundsMs };
}

function memoryJson({ residentBytes, profile }: Lane): Json {
  if (residentBytes === null) return null;
  const { tensorBytes = null, node = null, arenaBytes = null } = profile?.peak ?? {};
  return { peakBytes: tensorBytes, peakNode: node, arenaBytes, residentBytes };
}
