import type { Architecture } from "../../compiler/ir.ts";
import { nameOfKind } from "../../weights/init.ts";
import { type InitialiseOptions, initialise } from "../../weights/initialise.ts";
import type { WeightsReport } from "../../weights/loading/load.ts";
import { closingNormalisations } from "../../weights/residual-branches.ts";
import type { Weights } from "../../weights/weights.ts";
import { usageFailure } from "../failure.ts";
import { SteadyFiles } from "../file-stamp.ts";
import { StoredBytes } from "../model-writing/stored-bytes.ts";
import type { Note } from "../notes.ts";
import { counted } from "../render.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import type { LoadFlags } from "./load-weights.ts";

/** Weights, and how they came about, as a model records it. */
export interface Origin {
  readonly weights: Weights;
  readonly init: string;
  /** The files that were read. */
  readonly files: readonly string[];
  /** To be called once all values have been made; throws a Failure where a file has changed meanwhile. */
  refuseChange(): void;
}

export interface OriginFlags extends LoadFlags {
  /** Undefined: initial weights. */
  readonly weights?: string;
  /** The options about initial weights that were given. */
  readonly initGiven: readonly string[];
}

/**
 * The weights of a network, from the file that is named or from a seed; what those of a file are to the network is
 * told. Throws a Failure.
 */
export async function originOf(
  architecture: Architecture,
  flags: OriginFlags & InitialiseOptions,
  terminal: Terminal,
  note: Note,
  tell: (report: WeightsReport) => void,
): Promise<Origin> {
  const { weights: file, init, initGiven } = flags;
  if (file === undefined) {
    refuseIdle(flags);
    noteIdleInit(architecture, flags, note);
    return initialOrigin(architecture, flags);
  }
  const { loadWeights } = await import("./load-weights.ts");
  const stored = new StoredBytes();
  const steady = new SteadyFiles();
  const onRead = (one: string) => {
    steady.look(one);
    terminal.onRead?.(one);
  };
  const listening = { ...terminal, onRead };
  try {
    const { read } = stored;
    const loaded = await loadWeights(architecture, file, flags, flags, read, listening, (report) => {
      tell(report);
      noteIdle(report, visible(file), note);
    });
    const { weights, report, files } = loaded;
    const lacking = report.lacking.length;
    if (lacking > 0) note(`${counted(lacking, "tensor")} that ${visible(file)} lacks begin as --init ${init} says`);
    else if (initGiven.length > 0) {
      note(
        `${visible(file)} has every tensor: none begins as ${initGiven.join(" and ")} ${initGiven.length === 1 ? "says" : "say"}`,
      );
    }
    const begun = lacking > 0 ? `weights+${nameOfKind(flags)}` : "weights";
    return { weights, init: begun, files, refuseChange: () => steady.refuseChange() };
  } finally {
    stored.close();
  }
}

/** Rules and patterns that change nothing are misspelt, or for another file. */
function noteIdle({ idleRules, idlePatterns }: WeightsReport, file: string, note: Note): void {
  const listed = ([first = "", ...others]: readonly string[]) =>
    `\`${visible(first)}\`${others.length === 0 ? "" : ` and ${others.length.toLocaleString("en-US")} more`}`;
  if (idleRules.length > 0) note(`no name in ${file} is changed by ${listed(idleRules)} of --map`);
  if (idlePatterns.length > 0) note(`--allow-unexpected allows nothing in ${file} by ${listed(idlePatterns)}`);
}

export function initialOrigin(architecture: Architecture, options: InitialiseOptions): Origin {
  return { weights: initialise(architecture, options), init: nameOfKind(options), files: [], refuseChange() {} };
}

/** Says where an option about initial weights means no tensor of the network. */
export function noteIdleInit(
  architecture: Architecture,
  { zeroInitResidual }: Pick<InitialiseOptions, "zeroInitResidual">,
  note: Note,
): void {
  if (!zeroInitResidual || closingNormalisations(architecture).size > 0) return;
  const name = visible(architecture.name);
  note(`no normalisation ends a residual branch of ${name}: --zero-init-residual changes nothing`);
}

function refuseIdle({ map, allowMissing, allowUnexpected }: LoadFlags): void {
  const idle = [map && "--map", allowMissing && "--allow-missing", allowUnexpected && "--allow-unexpected"].find(
    (option) => option !== undefined,
  );
  if (idle !== undefined)
    throw usageFailure(`${idle} is about weights that are loaded`, "name their file with --weights");
}
