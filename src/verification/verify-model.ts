import type { Device, DeviceRun } from "../runtime/device.ts";
import { type LayerPass, passOverLayers } from "./layers.ts";
import {
  betweenDevices,
  type ComparedTensor,
  compareWithReference,
  type DeviceReport,
  type PairReport,
} from "./reports.ts";
import type { ModelRun } from "./run-on-devices.ts";
import type { Host, Subject, VerifyOptions } from "./subject.ts";

export interface Compared {
  readonly reports: readonly DeviceReport[];
  /** Every two devices that ran. */
  readonly pairs: readonly PairReport[];
}

/**
 * Compares what devices made of a model with the reference and with one another; where an output differs from the
 * reference, or if asked to, layer by layer.
 */
export async function compareRuns(
  subject: Subject,
  runs: readonly ModelRun[],
  options: VerifyOptions,
  host: Host,
): Promise<Compared> {
  const compared = runs.map((run) => ({ ...run, outputs: outputsOf(subject, run, options) }));
  const ran = compared.filter(({ outcome }) => outcome.kind === "ran");
  const followed = options.all ? ran : ran.filter((one) => !agrees(one));
  const devices = followed.map(({ device }) => device);
  const pass = await passOverLayers(subject, devices, options, host);
  return {
    reports: compared.map((one) => reportOf(one, pass)),
    pairs: betweenDevices(ran, pass.pairs),
  };
}

function outputsOf(subject: Subject, { device, outcome }: ModelRun, options: VerifyOptions): readonly ComparedTensor[] {
  return outcome.kind === "ran" ? compareOutputs(subject, device, outcome.run, options) : [];
}

function compareOutputs(
  { architecture, comparison, evaluated }: Subject,
  device: Device,
  { tensors }: DeviceRun,
  { tolerance }: VerifyOptions,
): readonly ComparedTensor[] {
  const compare = compareWithReference(architecture, comparison.precision, device, tolerance);
  return architecture.outputs.map(({ name, activation }) => {
    const found = tensors.find((tensor) => tensor.name === name);
    const one = compare(name, activation, found?.data, evaluated.outputs.get(name) ?? []);
    return { ...one, ok: one.ok && one.error.contrast > one.tolerance };
  });
}

type ComparedRun = ModelRun & Pick<DeviceReport, "outputs">;

function agrees({ outputs }: ComparedRun): boolean {
  return outputs.every((one) => one.ok);
}

function reportOf(run: ComparedRun, { layers, problems }: LayerPass): DeviceReport {
  const { device, outcome, outputs } = run;
  const compared = layers.get(device) ?? [];
  const layersProblem = problems.get(device) ?? null;
  const isWhole = outcome.kind === "ran" && outcome.run.elsewhere.length === 0 && layersProblem === null;
  const ok = isWhole && agrees(run) && compared.every((one) => one.ok);
  return { device, outcome, outputs, layers: compared, layersProblem, ok };
}
