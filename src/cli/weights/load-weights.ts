import { readFileSync } from "node:fs";
import type { Architecture, Tensor } from "../../compiler/ir.ts";
import { type InitialiseOptions, initialise } from "../../weights/initialise.ts";
import { matcher } from "../../weights/loading/glob.ts";
import { isWhole, type Matching, match } from "../../weights/loading/match.ts";
import { describeMismatches } from "../../weights/loading/mismatches.ts";
import { isPublished, publishedMapping, publishedNames } from "../../weights/loading/published-names.ts";
import { type Mapping, readRules } from "../../weights/loading/rules.ts";
import { make, type ReadStretch } from "../../weights/make.ts";
import type { Recipe, StoredType } from "../../weights/recipe.ts";
import { elementsOf, recipeOf, type Weights } from "../../weights/weights.ts";
import { exitCodes, Failure, usageFailure } from "../failure.ts";
import type { Denied } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { checkValues, printMismatch } from "./check-values.ts";
import { openWeights, weightsFailure } from "./open-weights.ts";

/** What the options of weights that are loaded say. */
export interface LoadFlags {
  /** Names of published conventions, and files of rules. */
  readonly map?: readonly string[];
  readonly allowMissing?: readonly string[];
  readonly allowUnexpected?: readonly string[];
  readonly deny?: Denied;
  readonly quiet?: true;
}

export interface LoadedWeights {
  readonly weights: Weights;
  /** How many tensors the file does not have, so that their values are initial ones. */
  readonly lacking: number;
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
): Promise<LoadedWeights> {
  terminal.onRead?.(file);
  const patterns = (list: readonly string[] = []) => list.map(matcher);
  const [missing, unexpected] = [patterns(flags.allowMissing), patterns(flags.allowUnexpected)];
  refuseIdle(flags.allowMissing ?? [], architecture);
  const maps = (flags.map ?? []).map((name) => readMapping(name, terminal));
  const { catalogue, files } = openWeights(file, read, terminal.onRead);
  const allowed = {
    mayLack: (name: string) => missing.some((isMeant) => isMeant(name)),
    mayExceed: (name: string) => unexpected.some((isMeant) => isMeant(name)),
  };
  const matchWith = (mappings: readonly Mapping[]) => match(architecture, catalogue, { mappings, ...allowed });
  const matching = failing(file, () => matchWith(maps));
  if (!isWhole(matching)) throw report(matching, file, architecture, matchWith, terminal);
  await checkValues(architecture, matching.found, file, flags, read, terminal);
  const weights = weightsOf(matching, initialise(architecture, initial), read);
  const own = (flags.map ?? []).filter((name) => !isPublished(name));
  return { weights, lacking: matching.lacking.length, files: [...files, ...own] };
}

/** A pattern that means no tensor of the network is misspelt. */
function refuseIdle(patterns: readonly string[], { name, tensors }: Architecture): void {
  const idle = patterns.find((pattern) => !tensors.some((tensor) => matcher(pattern)(tensor.name)));
  if (idle !== undefined) throw usageFailure(`no tensor of ${name} is called ${idle}, which may be missing`);
}

function readMapping(name: string, terminal: Terminal): Mapping {
  if (isPublished(name)) return publishedMapping(name);
  terminal.onRead?.(name);
  return failing(name, () => {
    try {
      return { rules: readRules(readFileSync(name, "utf8")), sparesKnown: false };
    } catch (error) {
      const failure = weightsFailure(error, name);
      if (!(failure instanceof Failure) || failure.code !== null) throw error;
      const help = `a file of rules, or one of the published names ${publishedNames.join(", ")}`;
      throw new Failure(failure.exitCode, failure.message, help);
    }
  });
}

/** What `run` throws is told with the file that it is about. */
function failing<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw weightsFailure(error, file);
  }
}

/** Prints what does not fit, and returns the Failure that ends the report. */
function report(
  matching: Matching,
  file: string,
  { name }: Architecture,
  matchWith: (mappings: readonly Mapping[]) => Matching,
  terminal: Terminal,
): Failure {
  const { shown, summary } = describeMismatches(matching, file, name);
  for (const one of shown) printMismatch("error", one, terminal);
  const fitting = wayToFit(matchWith);
  const other = isWhole({ ...matching, unexpected: new Map() }) ? leaveAside : "";
  const help = fitting === null ? other : `with ${fitting}, every tensor is found`;
  return new Failure(exitCodes.diagnostics, `${file} does not fit ${name}: ${summary}`, help);
}

const leaveAside = "`--allow-unexpected PATTERN` leaves aside what the network does not have";

/** The published names with which everything fits; null where there are none. */
function wayToFit(matchWith: (mappings: readonly Mapping[]) => Matching): string | null {
  const module = publishedMapping("module");
  const ways = publishedNames.flatMap((name) => {
    const own = [`--map ${name}`, [publishedMapping(name)]] as const;
    return name === "module" ? [own] : [own, [`--map module ${own[0]}`, [module, ...own[1]]] as const];
  });
  const none = ["no --map", []] as const;
  return [none, ...ways].find(([, mappings]) => fits(mappings, matchWith))?.[0] ?? null;
}

function fits(mappings: readonly Mapping[], matchWith: (mappings: readonly Mapping[]) => Matching): boolean {
  try {
    return isWhole(matchWith(mappings));
  } catch (error) {
    // Two tensors of one name.
    if (weightsFailure(error, "") instanceof Failure) return false;
    throw error;
  }
}

function weightsOf({ found }: Matching, initial: Weights, read: ReadStretch): Weights {
  const recipe = (tensor: Tensor): Recipe => {
    const saved = found.get(tensor.name);
    if (!saved) return recipeOf(initial, tensor);
    return { kind: "stored", file: saved.file, offset: saved.offset, dtype: saved.dtype as StoredType };
  };
  return {
    recipe,
    data: (tensor) => make(recipe(tensor), tensor.dtype, 0, elementsOf(tensor.shape), read),
  };
}
