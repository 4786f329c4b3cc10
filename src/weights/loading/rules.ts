import { WeightsFault } from "../fault.ts";

/** A rule that gives tensors of another convention the names that a network has. */
export interface Rule {
  /** The new name; null where the rule does not apply. */
  rename(name: string): string | null;
}

/** Rules that belong together, of which the first that applies to a name is taken. */
export interface Mapping {
  readonly rules: readonly Rule[];
  /** Whether a tensor keeps its name where the network has that: a convention may share some names with it. */
  readonly sparesKnown: boolean;
}

/**
 * Reads rules, one a line: `features.norm_final.{role} -> features.norm5.{role}`. `{x}` stands for one or more
 * characters of a name, without `.` and `/`; `{x...}` for any. In the new name, `{x+1}` is a number one larger, and
 * `{x:02}` one of at least two digits; then x stands for digits alone. `#` begins a comment. Throws a WeightsFault.
 */
export function readRules(text: string): readonly Rule[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const rule = line.replace(/(?:^|\s)#.*$/, "").trim();
    return rule === "" ? [] : [readRule(rule, i + 1)];
  });
}

/** The name after each mapping in turn; one to which no rule applies stays. */
export function renamed(name: string, mappings: readonly Mapping[], isKnown: (name: string) => boolean): string {
  return mappings.reduce((current, { rules, sparesKnown }) => {
    if (sparesKnown && isKnown(current)) return current;
    for (const rule of rules) {
      const other = rule.rename(current);
      if (other !== null) return other;
    }
    return current;
  }, name);
}

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "capture"; readonly name: string; readonly isAny: boolean }
  /** A capture as a number: plus `shift`, with at least `digits` digits. */
  | { readonly kind: "number"; readonly name: string; readonly shift: number; readonly digits: number };

function readRule(line: string, number: number): Rule {
  const wrong = (message: string): never => {
    throw new WeightsFault("weights-map", `line ${number}: ${message}`);
  };
  const sides = line.split(/\s*->\s*/);
  const [from = "", to = ""] = sides;
  if (sides.length !== 2 || from === "" || to === "") wrong("a rule is written as `name -> new.name`");
  const pattern = partsOf(from, wrong);
  const replacement = partsOf(to, wrong);
  refusePattern(pattern, wrong);
  const known = pattern.flatMap((part) => (part.kind === "capture" ? [part.name] : []));
  for (const part of replacement) {
    if (part.kind !== "text" && !known.includes(part.name)) wrong(`{${part.name}} stands for nothing on the left`);
  }
  return ruleOf(pattern, replacement);
}

function partsOf(side: string, wrong: (message: string) => never): readonly Part[] {
  return side.split(/(\{[^{}]*\})/).flatMap((piece, i): readonly Part[] => {
    if (i % 2 === 0) {
      if (/[{}]/.test(piece)) wrong("a { or } has no partner");
      return piece === "" ? [] : [{ kind: "text", text: piece }];
    }
    const found = /^\{([A-Za-z]\w*)(\.\.\.)?(?:([+-])(\d{1,3}))?(?::0(\d))?\}$/.exec(piece);
    if (!found) return wrong(`${piece} is none of {name}, {name...}, {name+1} and {name:02}`);
    const [, name = "", dots, sign, shift, digits] = found;
    if (sign === undefined && digits === undefined) return [{ kind: "capture", name, isAny: dots !== undefined }];
    return [{ kind: "number", name, shift: Number(`${sign ?? ""}${shift ?? 0}`), digits: Number(digits ?? 1) }];
  });
}

/** Only what can be taken apart without trying for long is a pattern: names come from files of others. */
function refusePattern(pattern: readonly Part[], wrong: (message: string) => never): void {
  const names = new Set<string>();
  for (const [i, part] of pattern.entries()) {
    if (part.kind === "text") continue;
    if (part.kind === "number") wrong(`{${part.name}} is reckoned with on the right only`);
    if (names.has(part.name)) wrong(`{${part.name}} stands twice on the left`);
    if (i > 0 && pattern[i - 1]?.kind !== "text") wrong("between two captures there must be a text");
    names.add(part.name);
  }
  if (mostInOnePart(pattern) > 2) wrong("between two dots of the left there can be two captures");
  const anything = pattern.filter((part) => part.kind === "capture" && part.isAny);
  if (anything.length > 1) wrong("only one capture of the left can end in ...");
}

/** How many captures stand between two `.` or `/`. */
function mostInOnePart(pattern: readonly Part[]): number {
  let [most, here] = [0, 0];
  for (const part of pattern) {
    if (part.kind !== "text") most = Math.max(most, ++here);
    else if (/[./]/.test(part.text)) here = 0;
  }
  return most;
}

function ruleOf(pattern: readonly Part[], replacement: readonly Part[]): Rule {
  const numbers = new Set(replacement.flatMap((part) => (part.kind === "number" ? [part.name] : [])));
  const source = pattern.map((part) => {
    if (part.kind === "text") return part.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    if (numbers.has(part.name)) return `(?<${part.name}>\\d{1,9})`;
    return part.kind === "capture" && part.isAny ? `(?<${part.name}>.+)` : `(?<${part.name}>[^./]+)`;
  });
  const expression = new RegExp(`^${source.join("")}$`, "su");
  return {
    rename(name) {
      const groups = expression.exec(name)?.groups;
      const isText = pattern.every((part) => part.kind === "text");
      if (groups === undefined && !(isText && expression.test(name))) return null;
      const parts = replacement.map((part) => filledIn(part, groups ?? {}));
      return parts.includes(null) ? null : parts.join("");
    },
  };
}

/** Null where a number would be negative. */
function filledIn(part: Part, groups: Readonly<Record<string, string>>): string | null {
  if (part.kind === "text") return part.text;
  const captured = groups[part.name] ?? "";
  if (part.kind === "capture") return captured;
  const number = Number(captured) + part.shift;
  return number < 0 ? null : String(number).padStart(part.digits, "0");
}
