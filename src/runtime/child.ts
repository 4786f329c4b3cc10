import { type ChildProcess, fork } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
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
 * It does not outlive this process, and what it leaves in its folder for temporary files goes with it.
 */
export function startChild({ file, argument }: Program, environment: Readonly<Record<string, string>>): Child {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-run-"));
  const printed = openSync(path.join(folder, "printed"), "wx+", 0o600);
  const child = fork(file, [argument], {
    env: { ...process.env, ...tellingAdapter, ...environment, TMPDIR: folder, TEMP: folder, TMP: folder },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", printed, "ipc"],
  });
  const remove = () => {
    closeSync(printed);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const end = () => {
    child.kill("SIGKILL");
    remove();
  };
  process.once("exit", end);
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(died(code, signal, writtenTo(printed))));
  }).finally(() => {
    process.removeListener("exit", end);
    remove();
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

function died(code: number | null, signal: NodeJS.Signals | null, printed: string): string {
  const how = signal ? `ended by ${signal}` : `ended with ${code}`;
  const last = printed
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("LAYER:"))
    .at(-1);
  return `the process that ran the model ${how}${last ? `: ${last}` : ""}`;
}
