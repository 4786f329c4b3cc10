import type { Op } from "../compiler/ir.ts";
import type { Step } from "../reference/evaluate.ts";
import type { Device } from "../runtime/device.ts";

/** What takes its time. */
export type Stage =
  | { readonly kind: "reference" }
  | { readonly kind: "run"; readonly device: Device }
  /** The reference once more, and beside it what the devices make of each layer. */
  | { readonly kind: "layers" };

/** Follows what goes on. */
export interface Watcher {
  begin(stage: Stage): void;
  /** After each op of the reference; until the promise is kept it goes no further, and others have their turn. */
  step(op: Op): Promise<void> | undefined;
}

/** Takes the steps of a reference one by one, under the eyes of a watcher. */
export async function followed<Result>(steps: Generator<Step, Result, void>, watcher: Watcher): Promise<Result> {
  watcher.begin({ kind: "reference" });
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    await watcher.step(next.value.op);
  }
}
