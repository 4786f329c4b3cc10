import { fork } from "node:child_process";
import type { Device, Job, Outcome } from "./device.ts";
import { runOnDevice } from "./run-on-device.ts";

/** How dnetc starts itself once more: its program, and the argument by which the child knows what it is. */
export interface Program {
  readonly file: string;
  readonly argument: string;
}

/**
 * Runs a job in a process of its own: a driver that crashes takes only that with it, what it prints is not shown, and
 * it sees the environment that the device needs.
 */
export function runInChild(program: Program, job: Job): Promise<Outcome> {
  const child = fork(program.file, [program.argument], {
    env: { ...process.env, ...environment[job.device] },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return new Promise((resolve) => {
    let last = "";
    child.stderr?.on("data", (text: Buffer) => {
      last = (last + text.toString()).slice(-4_000);
    });
    child.once("message", (outcome) => {
      resolve(outcome as Outcome);
      child.disconnect();
    });
    child.once("error", (error) => resolve({ kind: "failed", reason: error.message }));
    child.once("exit", (code, signal) => resolve({ kind: "failed", reason: died(code, signal, last) }));
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

/** TF32 rounds the factors of products to 10 bits; native code reads the variable when it is loaded. */
const environment: Readonly<Record<Device, Readonly<Record<string, string>>>> = {
  cpu: {},
  webgpu: {},
  cuda: { NVIDIA_TF32_OVERRIDE: "0" },
};

function died(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal ? `ended by ${signal}` : `ended with ${code}`;
  const last = said.trim().split("\n").at(-1) ?? "";
  return `the process that ran the model ${how}${last === "" ? "" : `: ${last}`}`;
}
