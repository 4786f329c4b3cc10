import { differenceCodes, type FaultCode } from "../../inspect/codes.ts";
import type { Difference } from "../../inspect/compare.ts";
import { divergenceOf } from "../../verification/divergence.ts";
import type { ComparedTensor, DeviceReport, Distance } from "../../verification/reports.ts";
import { type Json, layOutJson, valueJson } from "../json.ts";
import { median } from "../statistics.ts";
import { isVerified, type Verification } from "./verification.ts";

/** What `verify --format json` prints: of one network its record, of several a list of them. Fields are only added. */
export function verificationsJson(all: readonly VerificationRecord[], faults: readonly Fault[], ok: boolean): string {
  const [only, ...others] = all;
  const listed = faults.map(({ file, code, message }) => ({ file, code, message }));
  if (only && others.length === 0) return layOutJson({ schemaVersion: 1, ...only, faults: listed, ok });
  return layOutJson({ schemaVersion: 1, ok, faults: listed, verifications: all });
}

export type VerificationRecord = { readonly [name: string]: Json };

/** A file that could not be read as a model. */
export interface Fault {
  readonly file: string;
  readonly code: FaultCode;
  readonly message: string;
}

/** Of one model; what it ran on and with is not kept. */
export function verificationRecord(verification: Verification): VerificationRecord {
  const { architecture, model, nodes, sizes, comparison, differences, unfit } = verification;
  const { devices, passedOver, pairs } = verification;
  const { counts, made, precision } = comparison;
  const holds = (kind: Difference["kind"]) => differences.every((one) => one.kind !== kind);
  return {
    ok: isVerified(verification),
    network: architecture.name,
    file: architecture.source.path,
    model,
    parameters: Object.fromEntries(architecture.parameters.map((one) => [one.name, valueJson(one.value)])),
    sizes: Object.fromEntries(sizes),
    precision: { weights: precision.weights, flow: precision.flow, border: precision.border },
    counts: { ok: holds("count"), params: counts.params, macs: counts.macs },
    shapes: { ok: holds("shape"), compared: made.size, nodes },
    differences: differences.map(({ kind, where, problem }) => ({ code: differenceCodes[kind], kind, where, problem })),
    unfit: unfit && { kind: unfit.kind, layer: unfit.layer },
    runs: devices.map(runRecord),
    passedOver: passedOver.map(({ device, reason }) => ({ device, reason })),
    pairs: pairs.map(({ devices: both, outputs, layers }) => ({
      devices: both,
      outputs: outputs.map(distanceRecord),
      layers: layers.map(distanceRecord),
    })),
  };
}

function runRecord(report: DeviceReport): Json {
  const { device, outcome, outputs, layers, layersProblem, ok } = report;
  if (outcome.kind !== "ran") return { device, ok, problem: outcome.reason };
  const { provider, adapter, nodesOnDevice, elsewhere, createMs, firstRunMs, roundsMs, version } = outcome.run;
  const divergence = layers.find((one) => !one.ok);
  return {
    device,
    provider,
    adapter,
    runtime: version,
    ok,
    code: divergenceOf(report),
    nodesOnDevice,
    nodesElsewhere: elsewhere.length,
    maxAbsError: Math.max(...outputs.map((one) => one.error.maxAbsError)),
    maxRelError: finite(Math.max(...outputs.map((one) => one.error.maxRelError))),
    tolerance: Math.max(...outputs.map((one) => one.tolerance)),
    nonFinite: outputs.reduce((sum, one) => sum + one.error.nonFinite, 0),
    outputs: outputs.map(comparedRecord),
    layersCompared: layers.length,
    layersProblem,
    firstDivergence: divergence?.name ?? null,
    layers: layers.map(comparedRecord),
    createMs,
    firstRunMs,
    medianMs: roundsMs.length > 0 ? median(roundsMs) : null,
  };
}

function comparedRecord(one: ComparedTensor): { readonly [name: string]: Json } {
  return { ...distanceRecord(one), tolerance: one.tolerance, ok: one.ok };
}

function distanceRecord({ name, error }: Distance): { readonly [name: string]: Json } {
  const { maxAbsError, maxRelError, nonFinite } = error;
  return { name, maxAbsError, maxRelError: finite(maxRelError), nonFinite };
}

/** Null in JSON for what is relative to a tensor of zeros. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
