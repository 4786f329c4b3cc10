import { differenceCodes, type FaultCode } from "../inspect/codes.ts";
import type { Difference } from "../inspect/compare.ts";
import { divergenceOf } from "../verification/divergence.ts";
import type { DeviceReport } from "../verification/verify-model.ts";
import { type Json, layOutJson } from "./json.ts";
import type { Verification } from "./verification.ts";

/** What `verify --format json` prints: of one network its record, of several a list of them. Fields are only added. */
export function verificationsJson(all: readonly Verification[], faults: readonly Fault[], ok: boolean): string {
  const [only, ...others] = all.map(record);
  const listed = faults.map(({ file, code, message }) => ({ file, code, message }));
  if (only && others.length === 0) return layOutJson({ schemaVersion: 1, ...only, faults: listed, ok });
  return layOutJson({ schemaVersion: 1, ok, faults: listed, verifications: all.map(record) });
}

/** A file that could not be read as a model. */
export interface Fault {
  readonly file: string;
  readonly code: FaultCode;
  readonly message: string;
}

function record({ architecture, model, nodes, sizes, subject, differences, devices, ok }: Verification) {
  const { counts, made } = subject.comparison;
  const holds = (kind: Difference["kind"]) => differences.every((one) => one.kind !== kind);
  return {
    ok,
    network: architecture.name,
    file: architecture.source.path,
    model,
    sizes: Object.fromEntries(sizes),
    counts: {
      ok: holds("count"),
      params: counts.params,
      macs: counts.macs,
    },
    shapes: { ok: holds("shape"), compared: made.size, nodes },
    differences: differences.map(({ kind, where, problem }) => ({ code: differenceCodes[kind], kind, where, problem })),
    runs: devices.map(runRecord),
  } satisfies { readonly [name: string]: Json };
}

function runRecord(report: DeviceReport): Json {
  const { device, outcome, outputs, layers, ok } = report;
  if (outcome.kind !== "ran") return { device, ok, problem: outcome.reason };
  const { provider, nodesOnDevice, elsewhere, createMs, firstRunMs, roundsMs, version } = outcome.run;
  const divergence = layers.find((one) => !one.ok);
  return {
    device,
    provider,
    runtime: version,
    ok,
    code: divergenceOf(report),
    nodesOnDevice,
    nodesElsewhere: elsewhere.length,
    maxAbsError: Math.max(...outputs.map((one) => one.error.maxAbsError)),
    maxRelError: Math.max(...outputs.map((one) => one.error.maxRelError)),
    tolerance: Math.max(...outputs.map((one) => one.tolerance)),
    nonFinite: outputs.reduce((sum, one) => sum + one.error.nonFinite, 0),
    layersCompared: layers.length,
    firstDivergence: divergence?.name ?? null,
    createMs,
    firstRunMs,
    medianMs: median(roundsMs),
  };
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
