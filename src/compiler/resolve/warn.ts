import type { Session } from "../session.ts";
import { reportConstantConditions } from "./constant-condition.ts";
import type { Resolution, Unit } from "./resolution.ts";
import { reportUnused } from "./unused.ts";

/**
 * Warns of what has no effect in a file. For programs without errors only: a misspelt use leaves its declaration
 * without one, and a mistake is told once.
 */
export function warn(main: Unit, resolution: Resolution, session: Session): void {
  reportUnused(main, resolution, session);
  reportConstantConditions(main, session);
}
