/** `a`, `a and b`, `a, b and c` */
export function listing(items: readonly (string | number)[], last: "and" | "or" = "and"): string {
  if (items.length <= 1) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${last} ${items[items.length - 1]}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function didYouMean(similar: string | null): string {
  return similar === null ? "" : `did you mean \`${similar}\`?`;
}

/** `--dim H=… --dim W=…` */
export function dimOptions(sizes: readonly string[]): string {
  return sizes.map((size) => `--dim ${size}=…`).join(" ");
}
