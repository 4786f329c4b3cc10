/** Names of a file have few parts; of one with hundreds, only these ends are tried. */
const mostParts = 16;

/** What of a name follows its dots and slashes, from the longest end to the shortest. */
export function* endsOf(name: string): Generator<string> {
  const separator = /[./]/g;
  for (let parts = 0; parts < mostParts && separator.test(name); parts++) yield name.slice(separator.lastIndex);
}

/** The end of a name that is one of those that are looked for, which the rest stands in front of; null: none is. */
export function knownEnd(name: string, known: { has(name: string): boolean }): string | null {
  for (const end of endsOf(name)) if (known.has(end)) return end;
  return null;
}
