import { LimitExceeded } from "../limits.ts";

/** Null where a polynomial on the way grew beyond the limits: what is too large to work out stays unknown. */
export function withinLimits<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof LimitExceeded) return null;
    throw error;
  }
}
