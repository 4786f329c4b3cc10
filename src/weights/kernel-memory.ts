import { type Memory, newMemory, pageBytes } from "./webassembly/module.ts";

/**
 * The memory that the loops in WebAssembly of this thread work in: first what they need for themselves, then, where it
 * has been given to the thread, room in which values can be made where they are wanted.
 */
let memory: Memory | null = null;

/** Has the loops of this thread work in such memory from now on. */
export function workIn(given: Memory): void {
  memory = given;
}

/** Functions that work in that memory, which are put together again only when it is another. */
export function kernelOf<Kernel extends { readonly memory: Memory }>(make: (memory: Memory) => Kernel): () => Kernel {
  let kernel: Kernel | null = null;
  return () => {
    memory ??= newMemory(ownPages, false);
    if (kernel?.memory !== memory) kernel = make(memory);
    return kernel;
  };
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

/** Where the values lie in a memory; null where they are elsewhere. */
export function addressIn({ buffer }: Memory, values: Float32Array): number | null {
  return values.buffer === buffer ? values.byteOffset : null;
}
