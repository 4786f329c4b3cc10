import type { Architecture, Tensor } from "../../compiler/ir.ts";
import { warningKinds } from "../codes.ts";
import { WeightsFault } from "../fault.ts";
import { type InitialiseOptions, initialise } from "../initialise.ts";
import { make, type ReadStretch } from "../make.ts";
import type { Recipe, StoredType } from "../recipe.ts";
import type { Catalogue } from "../safetensors/catalogue.ts";
import { elementsOf, recipeOf, type Weights } from "../weights.ts";
import { matcher } from "./glob.ts";
import { isCounter, isWhole, type Matching, match, type Pairing } from "./match.ts";
import { describeMismatches, type Mismatch, summarizeMatching } from "./mismatches.ts";
import { prefixRule } from "./prefix-rule.ts";
import { type PublishedNames, publishedMapping, publishedNames } from "./published-names.ts";
import { type Mapping, readRules } from "./rules.ts";
import { type Strange, strangeValues } from "./values.ts";

export interface LoadOptions {
  /** What messages call the weights. */
  readonly name: string;
  /** Reads from the files of the catalogue, as often as values are asked for. */
  readonly read: ReadStretch;
  /** Applied in turn to the names in the file. */
  readonly mappings?: readonly Mapping[];
  /** Tensors of the network that may be missing; `*` stands for any characters. */
  readonly allowMissing?: readonly string[];
  /** Tensors of the file that nothing may use, by their names after all mappings. */
  readonly allowUnexpected?: readonly string[];
  /** How tensors begin that are missing and may be. */
  readonly initial?: InitialiseOptions;
}

export interface LoadedWeights {
  /** Null where the file does not hold what the network needs; then the report says why. */
  readonly weights: Weights | null;
  readonly report: WeightsReport;
}

/** What the weights in a file are to a network. */
export interface WeightsReport {
  /** What keeps them from being taken, kind by kind: all of it, or none. */
  readonly errors: readonly Mismatch[];
  /** Values that are no finite numbers, and variances below 0. */
  readonly warnings: readonly Mismatch[];
  /** How many errors there are of each kind, in words; empty where there are none. */
  readonly summary: string;
  /** The mappings with which every tensor is found, where that is not so with those that were given; null: none is known. */
  readonly fitting: readonly PublishedNames[] | null;
  /** Where names in the file have something in front, or lack it: a rule for --map that finds most of what is missing. */
  readonly rule: FindingRule | null;
  /** Whether they seem to be those of a model with batch normalisations in its convolutions, which the network has. */
  readonly seemFolded: boolean;
  /** Rules of files, as they are written, that no name in the weights is one for. */
  readonly idleRules: readonly string[];
  /** Patterns of what may be unexpected, of which nothing is. */
  readonly idlePatterns: readonly string[];
  /** What is missing, and may be: it begins as initial weights do. */
  readonly lacking: readonly Tensor[];
}

export interface FindingRule {
  readonly text: string;
  /** How many missing tensors it finds. */
  readonly found: number;
}

/** How many bytes of values have been looked at, of how many. */
export interface LookedAt {
  readonly done: number;
  readonly total: number;
}

/**
 * The weights of a network from files, all of them or none. Every value is looked at once, and read again when it is
 * asked for. Throws a WeightsFault where two tensors get one name.
 */
export function loadWeights(architecture: Architecture, catalogue: Catalogue, options: LoadOptions): LoadedWeights {
  const steps = loadingSteps(architecture, catalogue, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, after each stretch that it has looked at. */
export function* loadingSteps(
  architecture: Architecture,
  catalogue: Catalogue,
  options: LoadOptions,
): Generator<LookedAt, LoadedWeights> {
  const { mappings = [], name, read, initial = { init: "he", seed: 0 } } = options;
  const allowed = { mayLack: anyOf(options.allowMissing), mayExceed: anyOf(options.allowUnexpected) };
  const matchWith: MatchWith = (tried) => match(architecture, catalogue, { mappings: tried, ...allowed });
  const matching = matchWith(mappings);
  const { lacking } = matching;
  const idle = { idleRules: idleRules(mappings, matching), idlePatterns: idlePatterns(options, matching) };
  if (!isWhole(matching)) {
    const errors = describeMismatches(matching, name, architecture.name);
    const summary = `${name} does not fit ${architecture.name}: ${summarizeMatching(matching)}`;
    return {
      weights: null,
      report: {
        errors,
        warnings: [],
        summary,
        fitting: mayFit(architecture, catalogue, options) ? wayToFit(matchWith) : null,
        rule: findingRule(matching, mappings, matchWith),
        seemFolded: seemFolded(matching),
        ...idle,
        lacking,
      },
    };
  }
  const strange = yield* look(architecture, matching, read);
  const warnings = strange.filter(({ kind }) => warningKinds.includes(kind));
  const errors = strange.filter(({ kind }) => !warningKinds.includes(kind));
  const report = {
    errors,
    warnings,
    summary: summaryOf(errors, name),
    fitting: null,
    rule: null,
    seemFolded: false,
    ...idle,
    lacking,
  };
  const weights = errors.length > 0 ? null : weightsOf(matching, initialise(architecture, initial), read);
  return { weights, report };
}

/** Of those that were written for these weights; a published convention may have more than a file needs. */
function idleRules(mappings: readonly Mapping[], { applied }: Matching): readonly string[] {
  const rules = mappings.flatMap(({ rules, sparesKnown }) => (sparesKnown || typeof rules === "function" ? [] : rules));
  return rules.filter((rule) => !applied.has(rule)).map(({ text }) => text);
}

function idlePatterns({ allowUnexpected = [] }: LoadOptions, { exceeding }: Matching): readonly string[] {
  return allowUnexpected.filter((pattern) => !exceeding.some(matcher(pattern)));
}

type MatchWith = (mappings: readonly Mapping[]) => Matching;

function anyOf(patterns: readonly string[] = []): (name: string) => boolean {
  const matchers = patterns.map(matcher);
  return (name) => matchers.some((isMeant) => isMeant(name));
}

function* look(
  architecture: Architecture,
  { found }: Matching,
  read: ReadStretch,
): Generator<LookedAt, readonly Strange[]> {
  const total = [...found.values()].reduce((sum, { mapped }) => sum + mapped.saved.bytes, 0);
  const reading = strangeValues(architecture, found, read);
  yield { done: 0, total };
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    yield { done: step.value, total };
  }
}

function summaryOf(strange: readonly Strange[], name: string): string {
  if (strange.length === 0) return "";
  const tensors = new Set(strange.map(({ found }) => found.name)).size;
  const have = tensors === 1 ? "1 tensor has" : `${tensors.toLocaleString("en-US")} tensors have`;
  return `${name}: ${have} values that no model can hold`;
}

/** Whether there is room in the network for every name that no pattern allows: to try all mappings takes its time. */
function mayFit({ tensors }: Architecture, catalogue: Catalogue, { allowUnexpected = [] }: LoadOptions): boolean {
  if (allowUnexpected.length > 0) return true;
  return [...catalogue.keys()].filter((name) => !isCounter(name)).length <= tensors.length;
}

/** The published mappings with which everything fits; null where there are none. */
function wayToFit(matchWith: MatchWith): readonly PublishedNames[] | null {
  const ways = publishedNames.flatMap((name): readonly (readonly PublishedNames[])[] =>
    name === "module" ? [[name]] : [[name], ["module", name]],
  );
  return [[], ...ways].find((names) => fits(names, matchWith)) ?? null;
}

function findingRule(before: Matching, mappings: readonly Mapping[], matchWith: MatchWith): FindingRule | null {
  const text = prefixRule(before);
  if (text === null) return null;
  const after = unlessClash(() => matchWith([...mappings, { rules: readRules(text), sparesKnown: false }]));
  const found = before.missing.length - (after?.missing.length ?? before.missing.length);
  return found > 0 ? { text, found } : null;
}

/** Convolutions have a bias each that the network does not know, and normalisations are not there. */
function seemFolded({ found, missing, unexpected }: Matching): boolean {
  const areBiases = [...unexpected.keys()].every((name) => found.has(name.replace(/\.bias$/, ".weight")));
  return unexpected.size > 0 && areBiases && missing.some(({ role }) => role === "running_mean");
}

function fits(names: readonly PublishedNames[], matchWith: MatchWith): boolean {
  const matching = unlessClash(() => matchWith(names.map(publishedMapping)));
  return matching !== null && isWhole(matching);
}

/** Null where two tensors would get one name. */
function unlessClash(run: () => Matching): Matching | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof WeightsFault) return null;
    throw error;
  }
}

function weightsOf({ found, idle }: Matching, initial: Weights, read: ReadStretch): Weights {
  const recipe = (tensor: Tensor): Recipe => {
    const pairing = found.get(tensor.name) ?? idle.get(tensor.name);
    return pairing ? storedRecipe(pairing) : recipeOf(initial, tensor);
  };
  return {
    recipe,
    read,
    data: (tensor) => make(recipe(tensor), tensor.dtype, 0, elementsOf(tensor.shape), read),
  };
}

function storedRecipe({ mapped: { saved }, axes }: Pairing): Recipe {
  const { file, offset, dtype, shape } = saved;
  const stored = { kind: "stored", file, offset, dtype: dtype as StoredType } as const;
  return axes === null ? stored : { kind: "transposed", of: stored, shape, axes };
}
