import type { Diagnostics } from "./diagnostics.ts";
import { LimitExceeded, type LimitName, type Limits } from "./limits.ts";
import type { Source } from "./source.ts";

/** Runs a compilation; where it exceeds a limit that is reported, and what was found until then stays. */
export function reportLimits(main: Source, found: Diagnostics, limits: Limits, run: () => void): void {
  try {
    run();
  } catch (error) {
    const limit = limitOf(error);
    if (!limit) throw error;
    const span = limit.span ?? { source: main, start: 0, end: 0 };
    found.report(`limit-${limit.name}`, span, { limit: limits[limit.name] });
  }
}

/** Nesting is bounded level by level; where levels multiply, the stack of the engine is the bound that remains. */
function limitOf(error: unknown): { readonly name: LimitName; readonly span: LimitExceeded["span"] } | null {
  if (error instanceof LimitExceeded) return { name: error.limit, span: error.span };
  if (error instanceof RangeError && /call stack/i.test(error.message)) return { name: "nesting", span: null };
  return null;
}
