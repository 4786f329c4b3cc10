import { count } from "../../compiler/count.ts";
import type { Architecture, Op } from "../../compiler/ir.ts";
import { toDouble } from "../../compiler/number.ts";
import { Poly, type Quantity, substitute } from "../../compiler/symbolic.ts";
import type { Host } from "../../verification/subject.ts";
import type { Stage, Watcher } from "../../verification/watcher.ts";
import { roughly } from "../figures.ts";
import { type Progress, progressOn } from "../progress.ts";
import { beforeSignal } from "../signals.ts";
import type { Terminal } from "../terminal.ts";
import { sizesToRun } from "./sizes-to-run.ts";

/** Verifies in sight of the user: how far it has come is shown on a terminal until it ends, however it ends. */
export async function inSight<Result>(
  architecture: Architecture,
  isQuiet: boolean,
  terminal: Terminal,
  verify: (host: Host) => Promise<Result>,
): Promise<Result> {
  const progress = await progressOn(terminal, isQuiet);
  const release = beforeSignal(() => progress.end());
  try {
    return await verify({ run: terminal.runModel, watcher: new VerificationWatcher(architecture, progress) });
  } finally {
    release();
    progress.end();
  }
}

/** Shows how far the verification of a network has come: the reference by the MACs that are done. */
class VerificationWatcher implements Watcher {
  readonly #name: string;
  readonly #progress: Progress;
  readonly #macs: ReadonlyMap<Op, number>;
  readonly #total: number;
  #done = 0;
  #yielded = performance.now();

  constructor(architecture: Architecture, progress: Progress) {
    this.#name = architecture.name;
    this.#progress = progress;
    const sizes = sizesToRun(architecture);
    this.#macs = new Map(count(architecture).layers.map(({ op, macs }) => [op, numberOf(substitute(macs, sizes))]));
    this.#total = [...this.#macs.values()].reduce((sum, macs) => sum + macs, 0);
  }

  begin(stage: Stage): void {
    const label = `${this.#name}: ${labelOf(stage)}`;
    this.#done = 0;
    if (stage.kind === "run") this.#progress.begin({ label, total: null });
    else {
      const total = this.#total;
      this.#progress.begin({
        label,
        total,
        tell: (done) => [`${String(roughly(done) || done).padStart(widest)} of ${roughly(total) || total} MACs`],
      });
    }
  }

  /** Now and then signals and timers have their turn. */
  step(op: Op): Promise<void> | undefined {
    this.#done += this.#macs.get(op) ?? 0;
    this.#progress.reach(this.#done);
    const now = performance.now();
    if (now - this.#yielded < longestTurn) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#yielded = performance.now();
        resolve();
      });
    });
  }
}

const longestTurn = 40;
/** As long as `99.9 M`. */
const widest = 6;

function numberOf(quantity: Quantity): number {
  return quantity instanceof Poly ? 0 : toDouble(quantity);
}

function labelOf(stage: Stage): string {
  switch (stage.kind) {
    case "reference":
      return "reference";
    case "run":
      return `run on ${stage.device}`;
    case "layers":
      return "layers";
  }
}
