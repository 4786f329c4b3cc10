import { realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { reasonOf } from "./failure.ts";

/** A file that another one names, by a path from a folder. */
export type Named =
  | { readonly kind: "file"; readonly real: string; readonly stats: Stats }
  | { readonly kind: "outside"; readonly isLink: boolean }
  /** Another name of the same file could be anywhere. */
  | { readonly kind: "hard-link" }
  | { readonly kind: "not-file" }
  | { readonly kind: "missing"; readonly reason: string };

/**
 * Looks up what a file may name: only ordinary files inside the folder, wherever symbolic links lead, and only files of
 * one name.
 */
export function lookUpInside(folder: string, location: string): Named {
  const file = path.resolve(folder, location);
  if (!isInside(file, path.resolve(folder)) || /^[A-Za-z]:|\\/.test(location))
    return { kind: "outside", isLink: false };
  try {
    const real = realpathSync(file);
    const stats = statSync(real);
    if (!isInside(real, realpathSync(folder))) return { kind: "outside", isLink: true };
    if (!stats.isFile()) return { kind: "not-file" };
    return stats.nlink > 1 ? { kind: "hard-link" } : { kind: "file", real, stats };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return { kind: "missing", reason };
  }
}

function isInside(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
