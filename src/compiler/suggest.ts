/**
 * The known word that was probably meant, null where none is near. Counted in edits: a letter left out, added or
 * changed, or two neighbours swapped; a letter in the wrong case costs less than any of these. The longer the word,
 * the more edits are forgiven: one for up to four letters, two for up to nine, three for more.
 * Of equally near words the one that comes first in `known`.
 */
export function suggest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  let left = mostCandidates;
  for (const candidate of known) {
    if (left-- === 0) break;
    if (candidate === word || Math.abs(candidate.length - word.length) > forgiven(candidate)) continue;
    const differing = withoutCommonEnds(word, candidate);
    if (differing[0].length > longestDifference) continue;
    const edits = distance(...withoutCommonEnds(word.toLowerCase(), candidate.toLowerCase()));
    if (edits > forgiven(candidate) || edits >= Math.max(word.length, candidate.length)) continue;
    const cost = edits + distance(...differing) / 1000;
    if (cost < least) [best, least] = [candidate, cost];
  }
  return best;
}

/** Nobody misspells more of a word, or one of more; what a hundred suggestions cost stays small. */
const longestDifference = 60;
const mostCandidates = 1000;

/** The two without what they begin and end with alike: no edit is in that. */
function withoutCommonEnds(a: string, b: string): readonly [string, string] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function forgiven(word: string): number {
  if (word.length <= 4) return 1;
  return word.length <= 9 ? 2 : 3;
}

/** The Damerau–Levenshtein distance in which no part is edited twice. */
function distance(a: string, b: string): number {
  let twoBefore: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(before, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(at(before, j) + 1, at(row, j - 1) + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(twoBefore, j - 2) + 1);
      row.push(least);
    }
    [twoBefore, before] = [before, row];
  }
  return at(before, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
