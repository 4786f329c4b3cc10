import { readFileSync } from "node:fs";
import type { Architecture } from "../../compiler/ir.ts";
import type { InitialiseOptions } from "../../weights/initialise.ts";
import { matcher } from "../../weights/loading/glob.ts";
import { type LoadedWeights, type LoadOptions, loadingSteps, type WeightsReport } from "../../weights/loading/load.ts";
import { isPublished, publishedMapping, publishedNames } from "../../weights/loading/published-names.ts";
import { type Mapping, readRules } from "../../weights/loading/rules.ts";
import type { ReadStretch } from "../../weights/make.ts";
import type { Catalogue } from "../../weights/safetensors/catalogue.ts";
import type { Weights } from "../../weights/weights.ts";
import { Failure, usageFailure } from "../failure.ts";
import { pace } from "../model-writing/pace.ts";
import type { Denied } from "../options.ts";
import { progressOn } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { openWeights, weightsFailure } from "./open-weights.ts";
import { printReport, reportFailure } from "./print-report.ts";

/** What the options of weights that are loaded say. */
export interface LoadFlags {
  /** Names of published conventions, and files of rules. */
  readonly map?: readonly string[];
  readonly allowMissing?: readonly string[];
  readonly allowUnexpected?: readonly string[];
  readonly deny?: Denied;
  readonly quiet?: true;
}

/** Weights that fit a network. */
export interface FittingWeights {
  readonly weights: Weights;
  readonly report: WeightsReport;
  /** All files that were read. */
  readonly files: readonly string[];
}

/**
 * The weights of a network from a file, all of them or none: whatever does not fit has been printed before this throws
 * a Failure. What is allowed to be missing is initialised.
 */
export async function loadWeights(
  architecture: Architecture,
  file: string,
  flags: LoadFlags,
  initial: InitialiseOptions,
  read: ReadStretch,
  terminal: Terminal,
  tell: (report: WeightsReport) => void,
): Promise<FittingWeights> {
  terminal.onRead?.(file);
  const { map = [], allowMissing = [], allowUnexpected = [] } = flags;
  refuseIdle(allowMissing, architecture);
  const mappings = map.map((name) => readMapping(name, terminal));
  const { catalogue, files } = openWeights(file, read, terminal.onRead);
  const options = { name: file, read, mappings, allowMissing, allowUnexpected, initial };
  const { weights, report } = await loadInSight(architecture, catalogue, options, flags.quiet === true, terminal);
  tell(report);
  printReport(report, terminal);
  const failure = reportFailure(report, file, flags.deny);
  if (failure) throw failure;
  if (!weights) throw new Error(`${file} holds no weights, and nothing is wrong with it`);
  return { weights, report, files: [...files, ...map.filter((name) => !isPublished(name))] };
}

/** A pattern that means no tensor of the network is misspelt. */
function refuseIdle(patterns: readonly string[], { name, tensors }: Architecture): void {
  const idle = patterns.find((pattern) => !tensors.some((tensor) => matcher(pattern)(tensor.name)));
  if (idle !== undefined) throw usageFailure(`--allow-missing means no tensor of ${name} by \`${idle}\``);
}

function readMapping(name: string, terminal: Terminal): Mapping {
  if (isPublished(name)) return publishedMapping(name);
  terminal.onRead?.(name);
  try {
    return { rules: readRules(readFileSync(name, "utf8")), sparesKnown: false };
  } catch (error) {
    const failure = weightsFailure(error, name);
    if (!(failure instanceof Failure) || failure.code !== null) throw failure;
    const help = `a file of rules, or one of the published names ${publishedNames.join(", ")}`;
    throw new Failure(failure.exitCode, failure.message, help);
  }
}

/** Looks at all values; of gigabytes, how far it has come is shown, and a signal is heard. */
async function loadInSight(
  architecture: Architecture,
  catalogue: Catalogue,
  options: LoadOptions,
  isQuiet: boolean,
  terminal: Terminal,
): Promise<LoadedWeights> {
  const progress = await progressOn(terminal, isQuiet);
  try {
    const steps = loadingSteps(architecture, catalogue, options);
    let paused = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      const { done, total } = step.value;
      if (done === 0) {
        const label = `reading ${visible(options.name)}`;
        progress.begin({ label, total, tell: (reached, time) => pace(reached, total, time) });
      }
      progress.reach(done);
      if (done - paused < pauseAfter) continue;
      paused = done;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    throw weightsFailure(error, options.name);
  } finally {
    progress.end();
  }
}

/** In bytes: some twenty times a second. */
const pauseAfter = 2 ** 25;
