import type { Matching } from "./match.ts";
import { knownEnd } from "./suffixes.ts";

/**
 * The rule for names in a file by which most of what is missing would be found, where these have something in front that
 * the network does not have, as in `model.stem.weight`, or the other way round; null where there is no such rule.
 */
export function prefixRule({
  found,
  missing,
  unexpected,
}: Pick<Matching, "found" | "missing" | "unexpected">): string | null {
  const names = new Map(missing.map(({ name }) => [name, true]));
  const inFile = mostFrequent([...unexpected.keys()].flatMap((name) => inFront(name, names)));
  if (inFile !== null) return `${inFile}{rest...} -> {rest}`;
  // What is found by its name would be found no more.
  if (found.size > 0) return null;
  const inNetwork = mostFrequent(missing.flatMap(({ name }) => inFront(name, unexpected)));
  return inNetwork === null ? null : `{rest...} -> ${inNetwork}{rest}`;
}

/** What stands before the end of a name that is known; empty where nothing does, or it cannot stand in a rule. */
function inFront(name: string, known: { has(name: string): boolean }): readonly string[] {
  const end = knownEnd(name, known);
  const front = end === null ? "" : name.slice(0, -end.length);
  return /^[\w./-]+$/.test(front) ? [front] : [];
}

/** Null where nothing is there twice. */
function mostFrequent(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].filter(([, count]) => count > 1).sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
