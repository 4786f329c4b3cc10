import { type Memory, newMemory, pageBytes } from "./webassembly/module.ts";

/**
 * The memory that the loops in WebAssembly of this thread work in: first what they need for themselves, then, where it
 * has been given to the thread, room in which values can be made where they are wanted.
 */
export function kernelMemory(): Memory {
  memory ??= newMemory(ownPages, false);
  return memory;
}

let memory: Memory | null = null;

/** Has this thread work in such memory from its first value on. */
export function workIn(given: Memory): void {
  memory = given;
}

/** Memory for another thread, with room for so many bytes from `roomAt` on. */
export function memoryWithRoom(bytes: number): Memory {
  return newMemory(ownPages + Math.ceil(bytes / pageBytes), true);
}

/** Where values lie that are wanted elsewhere. */
export const stagedAt = 64;

/** How many: a call costs next to nothing then, and they stay in the cache. */
export const batch = 32_768;

const ownPages = 9;

export const roomAt = ownPages * pageBytes;

/** Where in the memory of this thread's loops the values lie; null where they are elsewhere. */
export function addressOf(values: Float32Array): number | null {
  return values.buffer === kernelMemory().buffer ? values.byteOffset : null;
}
