import { type Program, startChild, withoutTf32 } from "./child.ts";
import type { Job, Outcome } from "./device.ts";
import { runOnDevice } from "./run-on-device.ts";

/** Runs a job in a process of its own. */
export function runInChild(program: Program, job: Job): Promise<Outcome> {
  const { process: child, ended } = startChild(program, withoutTf32[job.device]);
  return new Promise((resolve) => {
    child.once("message", (outcome) => {
      resolve(outcome as Outcome);
      child.disconnect();
    });
    void ended.then((reason) => resolve({ kind: "failed", reason }));
    child.send(job);
  });
}

/** In the child: takes one job, answers, and ends when the parent lets go. */
export function serveJob(): void {
  process.once("message", async (job) => {
    const outcome = await runOnDevice(job as Job);
    process.send?.(outcome);
  });
}
