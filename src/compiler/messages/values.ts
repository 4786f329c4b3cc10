import { dimOptions, listing, plural } from "./wording.ts";

export interface Role {
  readonly role: string;
  readonly value: string;
}

/** What expressions are worth. */
export const valueMessages = {
  "wrong-type": {
    severity: "error",
    message: ({ role, wanted, found, value }: Role & { wanted: string; found: string }) =>
      `${role} must be ${wanted}, but this is ${found}${value.length <= 40 ? `: ${value}` : ""}`,
    help: typeHelp,
  },
  "not-whole": {
    severity: "error",
    message: ({ role, expression, value }: Role & { expression: string }) =>
      `${role} must be a whole number, but ${expression === value ? `${value} is not` : `${expression} = ${value}`}`,
    help: () => "nothing is rounded silently: write floor(…), ceil(…) or round(…), or change the numbers",
  },
  "too-large": {
    severity: "error",
    message: ({ role, value }: Role) => `too large for ${role}${value === "" ? "" : `: ${value}`}`,
  },
  "argument-range": {
    severity: "error",
    message: ({ role, takes, value }: Role & { takes: string }) => `${role} must be ${takes}, but ${value} is not`,
  },
  "division-by-zero": {
    severity: "error",
    message: ({ operator }: { operator: string }) =>
      operator === "^" ? "a negative power of zero" : `the right side of \`${operator}\` is zero`,
  },
  "empty-list": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name} of an empty list`,
  },
  "index-outside": {
    severity: "error",
    message: ({ index, length }: { index: number; length: number }) =>
      `there is no item ${index} in a list of ${length}${length > 0 ? `: they are numbered 0 to ${length - 1}` : ""}`,
  },
  "slice-outside": {
    severity: "error",
    message: ({ from, to, length }: { from: number; to: number; length: number }) =>
      `the slice ${from}..${to} does not lie within a list of ${length}`,
  },
  "pattern-mismatch": {
    severity: "error",
    message: ({ names, items }: { names: number; items: number }) =>
      `${plural(names, "name")} for a list of ${plural(items, "item")}`,
  },
  "nearly-literal": {
    severity: "error",
    message: () => "the right side of `~=` must be a number as written, such as 2.834G",
    help: () => "its last digit says how near is near enough; compare with `==` otherwise",
  },
  "negative-count": {
    severity: "error",
    message: ({ value }: { value: number }) => `repeat cannot run ${value} times`,
  },
  "size-needed": {
    severity: "error",
    message: ({ what, sizes }: { what: string; sizes: readonly string[] }) =>
      `${what} depends on ${listing(sizes)}, whose ${sizes.length === 1 ? "value is" : "values are"} not known`,
    help: ({ sizes }: { sizes: readonly string[] }) => `give the size: ${dimOptions(sizes)}`,
  },
  "bad-label": {
    severity: "error",
    message: ({ label }: { label: string }) =>
      label === "" ? "a label may not be empty" : `\`${label.slice(0, 60)}\` cannot be a label`,
    help: () => "labels are made of letters, digits, `_` and `-`, joined by dots",
  },
} as const;

/** What was probably meant by a value of another type; empty where that is not known. */
function typeHelp({ role, wanted, found, value }: Role & { wanted: string; found: string }): string {
  const word = /^"(half|same)"$/.exec(value)?.[1];
  if (word && wanted.includes(word)) return `write it without quotes: \`${word}\``;
  if (role === "what a loop goes through" && found === "a number") return `to count, write \`0..${value}\``;
  if (wanted === "true or false" && found === "a number") return "compare it with something, as in `n > 0`";
  if (found === "a list" && role.startsWith("an operand of")) {
    return "only numbers are calculated with: write the whole list, or `[e for x in list]`";
  }
  if (found === "a string" && role.startsWith("an operand of")) return 'texts are only labels: `"layer{i}"`';
  return "";
}
