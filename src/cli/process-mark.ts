import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "./failure.ts";

/**
 * A name that no other has, for what a process leaves in a folder until it is done: it tells whose it is, so that others
 * can know it for left over when that process has been killed.
 */
export function newMark(): string {
  return `${here()}-${process.pid}-${randomUUID()}`;
}

const shape = /^([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isMark(name: string): boolean {
  return shape.test(name);
}

/** Whether a mark is that of a process that has surely ended: one of this machine, as those of others are not seen. */
export function isOfDeadProcess(mark: string): boolean {
  const [, place, pid] = shape.exec(mark) ?? [];
  return place === here() && !isAlive(Number(pid));
}

/** Where the numbers of processes mean the same: on one machine since its start and, in containers, in each alone. */
function here(): string {
  const names = () => [hostname(), told(startOfSystem), told(spaceOfNumbers)].join("\n");
  known ??= createHash("sha256").update(names()).digest("hex").slice(0, 8);
  return known;
}

let known: string | null = null;

const startOfSystem = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
const spaceOfNumbers = () => readlinkSync("/proc/self/ns/pid");

/** Empty where the system does not tell. */
function told(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Otherwise it is there, and somebody else's.
    return codeOf(error) !== "ESRCH";
  }
}
