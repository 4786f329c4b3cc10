import { type Device, devices, type Outcome } from "../runtime/device.ts";
import { type Host, jobFor, type Subject } from "./subject.ts";

/** What became of a model on a device. */
export interface ModelRun {
  readonly device: Device;
  readonly outcome: Outcome;
}

/** A device that was tried and not taken. */
export interface PassedOver {
  readonly device: Device;
  readonly reason: string;
}

export interface Runs {
  readonly runs: readonly ModelRun[];
  /** Of `auto`: the better devices that did not run the model. */
  readonly passedOver: readonly PassedOver[];
}

/** Runs a model on each device that is asked for. `auto` is the best device that runs it, or else the last that was tried. */
export async function runOnDevices(
  model: Pick<Subject, "file" | "input" | "comparison">,
  asked: readonly (Device | "auto")[],
  rounds: number,
  { run, watcher }: Host,
): Promise<Runs> {
  const runs: ModelRun[] = [];
  const passedOver: PassedOver[] = [];
  for (const choice of asked) {
    for (const device of choice === "auto" ? fromBest : [choice]) {
      const known = runs.find((one) => one.device === device);
      if (!known) watcher.begin({ kind: "run", device });
      const outcome = known?.outcome ?? (await run({ ...jobFor(model, device), rounds }));
      const isLast = device === choice || device === fromBest.at(-1);
      if (outcome.kind === "ran" || isLast) {
        if (!known) runs.push({ device, outcome });
        break;
      }
      if (!known) passedOver.push({ device, reason: outcome.reason });
    }
  }
  return { runs, passedOver };
}

const fromBest: readonly Device[] = [...devices].reverse();
