import { type ChildProcess, fork } from "node:child_process";
import type { Device } from "./device.ts";

/** How dnetc starts itself once more: its program, and the argument by which the child knows what it is. */
export interface Program {
  readonly file: string;
  readonly argument: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** Says why, once the process is gone. */
  readonly ended: Promise<string>;
}

/**
 * Starts a process to run models in: a driver that crashes takes only that with it, what it prints is not shown, and it
 * sees the environment that the device needs.
 */
export function startChild({ file, argument }: Program, environment: Readonly<Record<string, string>>): Child {
  const child = fork(file, [argument], {
    env: { ...process.env, ...environment },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let last = "";
  child.stderr?.on("data", (text: Buffer) => {
    last = (last + text.toString()).slice(-4_000);
  });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(died(code, signal, last)));
  });
  return { process: child, ended };
}

/** TF32 rounds the factors of products to 10 bits; native code reads the variable when it is loaded. */
export const withoutTf32: Readonly<Record<Device, Readonly<Record<string, string>>>> = {
  cpu: {},
  webgpu: {},
  cuda: { NVIDIA_TF32_OVERRIDE: "0" },
};

function died(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal ? `ended by ${signal}` : `ended with ${code}`;
  const last = said.trim().split("\n").at(-1) ?? "";
  return `the process that ran the model ${how}${last === "" ? "" : `: ${last}`}`;
}
