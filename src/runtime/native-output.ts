import { fstatSync, readSync } from "node:fs";

/**
 * What has been written to a file that is open for reading and writing, from its beginning; empty where the descriptor
 * is none of that. In a process that was started to run models, descriptor 2 holds what native code has printed.
 */
export function writtenTo(descriptor: number): string {
  try {
    const file = fstatSync(descriptor);
    if (!file.isFile()) return "";
    const bytes = Buffer.alloc(file.size);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } catch {
    // Open for writing alone, or closed.
    return "";
  }
}
