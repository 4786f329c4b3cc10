const longestPeriod = 6;

/** How often what begins at `at` comes again, in the shortest period in which it does. */
export function repetitionAt(keys: readonly (string | undefined)[], at: number, inDense: boolean) {
  // The Concat of a dense layer ends a turn and begins none.
  const longest = inDense && keys[at] === "concat" ? 1 : longestPeriod;
  for (let period = 1; period <= longest; period++) {
    let end = at + period;
    while (end < keys.length && keys[end] === keys[end - period]) end++;
    const times = Math.floor((end - at) / period);
    if (times >= (period === 1 || inDense ? 2 : 3)) return { period, times };
  }
  return { period: 1, times: 1 };
}

/** Of neighbours that repeat: `denselayer1 … 6` */
export function nameOfRow(labels: readonly string[]): string {
  const first = labels[0] ?? "";
  const last = labels.at(-1) ?? "";
  if (first === last) return first;
  const [, stem = "", number] = /^(.*?)(\d+)$/.exec(last) ?? [];
  return number !== undefined && first.startsWith(stem) && /^\d+$/.test(first.slice(stem.length))
    ? `${first} … ${number}`
    : `${first} … ${last}`;
}
