import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Device } from "./device.ts";
import { writtenTo } from "./native-output.ts";

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
 * sees the environment that the device needs. Its standard error is a file, which both processes can read at any time.
 */
export function startChild({ file, argument }: Program, environment: Readonly<Record<string, string>>): Child {
  const printed = namelessFile();
  const child = fork(file, [argument], {
    env: { ...process.env, ...tellingAdapter, ...environment },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", printed, "ipc"],
  });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      resolve(died(code, signal, writtenTo(printed)));
      closeSync(printed);
    });
  });
  return { process: child, ended };
}

/** TF32 rounds the factors of products to 10 bits; native code reads the variable when it is loaded. */
export const withoutTf32: Readonly<Record<Device, Readonly<Record<string, string>>>> = {
  cpu: {},
  webgpu: {},
  cuda: { NVIDIA_TF32_OVERRIDE: "0" },
};

/** The Vulkan loader then prints which device it opens. */
const tellingAdapter = { VK_LOADER_DEBUG: "layer" };

/** A file for reading and writing that is gone when it is closed. */
function namelessFile(): number {
  const name = path.join(tmpdir(), `dnetc-printed-${randomUUID()}`);
  const file = openSync(name, "wx+", 0o600);
  unlinkSync(name);
  return file;
}

function died(code: number | null, signal: NodeJS.Signals | null, printed: string): string {
  const how = signal ? `ended by ${signal}` : `ended with ${code}`;
  const last = printed
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("LAYER:"))
    .at(-1);
  return `the process that ran the model ${how}${last ? `: ${last}` : ""}`;
}
