import type { Sha256 } from "../emit/pieces.ts";

/** Loaded when needed: most commands hash nothing. */
export async function loadSha256(): Promise<() => Sha256> {
  const { createHash } = await import("node:crypto");
  return () => createHash("sha256");
}

export async function loadSha1(): Promise<() => Sha256> {
  const { createHash } = await import("node:crypto");
  return () => createHash("sha1");
}
