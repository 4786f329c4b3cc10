import type { Activation, Architecture } from "../compiler/ir.ts";
import type { Precision } from "../inspect/casts.ts";
import type { Sample } from "../reference/sample.ts";
import type { Device, Outcome } from "../runtime/device.ts";
import { compareTensors, type TensorError } from "./differences.ts";
import type { ModelRun } from "./run-on-devices.ts";
import { tolerances } from "./tolerance.ts";

/** An output or a layer beside the reference. */
export interface ComparedTensor {
  readonly name: string;
  readonly error: TensorError;
  readonly tolerance: number;
  /** That it agrees; of an output of the network also that it could have shown if it did not. */
  readonly ok: boolean;
}

/** What one device has shown. */
export interface DeviceReport {
  readonly device: Device;
  readonly outcome: Outcome;
  /** Empty where it did not run. */
  readonly outputs: readonly ComparedTensor[];
  /** In execution order, where they were compared; otherwise empty. Without `all` they end behind the first that differs. */
  readonly layers: readonly ComparedTensor[];
  /** Why the layers could not be compared; null where they were, or need not be. */
  readonly layersProblem: string | null;
  readonly ok: boolean;
}

/** An output or a layer of one device beside that of another; what is relative is so to the second. */
export interface Distance {
  readonly name: string;
  readonly error: TensorError;
}

/** How far two devices are apart. */
export interface PairReport {
  readonly devices: readonly [Device, Device];
  readonly outputs: readonly Distance[];
  /** Empty where the layers of both were not compared. */
  readonly layers: readonly Distance[];
}

/** Compares tensors with the reference, each within what is reckoned for its place in the network, or within `allowed`. */
export function compareWithReference(
  architecture: Architecture,
  { flow }: Precision,
  device: Device,
  allowed: number | null,
) {
  const reckoned = tolerances(architecture, flow, device);
  return (
    name: string,
    activation: Activation,
    found: Float32Array | undefined,
    reference: readonly Sample[],
  ): ComparedTensor => {
    if (!found) throw new Error(`the run has made no ${name}`);
    const error = compareTensors(found, reference);
    const tolerance = allowed ?? reckoned.get(activation) ?? 0;
    return { name, error, tolerance, ok: error.nonFinite === 0 && error.maxRelError <= tolerance };
  };
}

/** Every two of them once. */
export function pairsOf<One>(all: readonly One[]): readonly (readonly [One, One])[] {
  return all.flatMap((first, at) => all.slice(at + 1).map((second) => [first, second] as const));
}

export type PairLayers = ReadonlyMap<string, readonly Distance[]>;

export function pairName(first: Device, second: Device): string {
  return `${first}, ${second}`;
}

export function betweenDevices(
  ran: readonly (ModelRun & Pick<DeviceReport, "outputs">)[],
  layers: PairLayers,
): readonly PairReport[] {
  return pairsOf(ran).map(([first, second]) => ({
    devices: [first.device, second.device],
    outputs: first.outputs.map(({ name }) => {
      return { name, error: compareTensors(valuesOf(first, name), [{ data: valuesOf(second, name) }]) };
    }),
    layers: layers.get(pairName(first.device, second.device)) ?? [],
  }));
}

function valuesOf({ outcome }: ModelRun, name: string): Float32Array {
  const found = outcome.kind === "ran" ? outcome.run.tensors.find((tensor) => tensor.name === name) : undefined;
  if (!found) throw new Error(`the run has made no ${name}`);
  return found.data;
}
