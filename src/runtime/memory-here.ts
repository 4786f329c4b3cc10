import { totalmem } from "node:os";

/** In bytes: of the machine, or what is left to the processes of this container. */
export function memoryHere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
