import { WeightsFault } from "../fault.ts";
import { isLayout, type Layout } from "./layout.ts";

/** A rule that gives tensors of another convention the names that a network has. */
export interface Rule {
  /** As it is written. */
  readonly text: string;
  /** The new name; null where the rule does not apply. */
  rename(name: string): string | null;
  /** How such a tensor lies in the file; null: as a network has it. */
  readonly layout: Layout | null;
}

/** Rules that belong together, of which the first that applies to a name is taken. */
export interface Mapping {
  /** Or, where the names of others depend on how deep a network is, those for one with certain names. */
  readonly rules: readonly Rule[] | ((known: ReadonlySet<string>) => readonly Rule[]);
  /** Whether a tensor keeps its name where the network has that: a convention may share some names with it. */
  readonly sparesKnown: boolean;
}

/**
 * Reads rules, one a line: `features.norm_final.{role} -> features.norm5.{role}`. `{x}` stands for one or more
 * characters of a name, without `.` and `/`; `{x...}` for any. In the new name, `{x+1}` is a number one larger, and
 * `{x:02}` one of at least two digits; then x stands for digits alone. A rule may end in how the tensor lies in the file,
 * as in `(HWIO)`. `#` begins a comment. Throws a WeightsFault.
 */
export function readRules(text: string): readonly Rule[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const rule = line.replace(/(?:^|\s)#.*$/, "").trim();
    return rule === "" ? [] : [readRule(rule, i + 1)];
  });
}

/** A name after mappings, and how its tensor lies in the file. */
export interface Renamed {
  readonly name: string;
  readonly layout: Layout | null;
}

/**
 * What each mapping in turn makes of a name, for a network with certain names; one to which no rule applies stays. It
 * throws a WeightsFault where two mappings say how the tensor lies in the file. Each rule that is applied is put to
 * `applied`.
 */
export function renamer(
  mappings: readonly Mapping[],
  known: ReadonlySet<string>,
  applied: Set<Rule> = new Set(),
): (name: string) => Renamed {
  const steps = mappings.map(({ rules, sparesKnown }) => ({
    rules: typeof rules === "function" ? rules(known) : rules,
    spared: sparesKnown ? known : new Set<string>(),
  }));
  return (before) => {
    let renamed: Renamed = { name: before, layout: null };
    for (const { rules, spared } of steps) {
      if (!spared.has(renamed.name)) renamed = firstOf(rules, renamed, applied);
    }
    return renamed;
  };
}

function firstOf(rules: readonly Rule[], before: Renamed, applied: Set<Rule>): Renamed {
  for (const rule of rules) {
    const name = rule.rename(before.name);
    if (name === null) continue;
    applied.add(rule);
    const { layout } = rule;
    if (layout !== null && before.layout !== null) {
      const twice = `${before.name} is (${before.layout}) by one mapping, and (${layout}) by the next`;
      throw new WeightsFault("weights-map", twice);
    }
    return { name, layout: layout ?? before.layout };
  }
  return before;
}

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "capture"; readonly name: string; readonly isAny: boolean }
  /** A capture as a number: plus `shift`, with at least `digits` digits. */
  | { readonly kind: "number"; readonly name: string; readonly shift: number; readonly digits: number };

function readRule(line: string, number: number): Rule {
  const wrong = (message: string): never => {
    throw new WeightsFault("weights-map", `line ${number}: ${message}`, `the line is \`${line.slice(0, 200)}\``);
  };
  const layout = /\s\(([A-Za-z]+)\)$/.exec(line)?.[1] ?? null;
  if (layout !== null && !isLayout(layout)) wrong(`(${layout}) is no order of the axes OIHW or OI`);
  const sides = (layout === null ? line : line.slice(0, line.lastIndexOf("(")).trimEnd()).split(/\s*->\s*/);
  const [from = "", to = ""] = sides;
  if (sides.length !== 2 || from === "" || to === "") wrong("a rule is written as `name -> new.name`");
  const pattern = partsOf(from, wrong);
  const replacement = partsOf(to, wrong);
  refusePattern(pattern, wrong);
  const known = pattern.flatMap((part) => (part.kind === "capture" ? [part.name] : []));
  for (const part of replacement) {
    if (part.kind !== "text" && !known.includes(part.name)) wrong(`{${part.name}} stands for nothing on the left`);
  }
  return { text: line, rename: renameBy(pattern, replacement), layout };
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

function renameBy(pattern: readonly Part[], replacement: readonly Part[]): Rule["rename"] {
  const numbers = new Set(replacement.flatMap((part) => (part.kind === "number" ? [part.name] : [])));
  const source = pattern.map((part) => {
    if (part.kind === "text") return part.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    if (numbers.has(part.name)) return `(?<${part.name}>\\d{1,9})`;
    return part.kind === "capture" && part.isAny ? `(?<${part.name}>.+)` : `(?<${part.name}>[^./]+)`;
  });
  const expression = new RegExp(`^${source.join("")}$`, "su");
  const isText = pattern.every((part) => part.kind === "text");
  return (name) => {
    const groups = expression.exec(name)?.groups;
    if (groups === undefined && !(isText && expression.test(name))) return null;
    const parts = replacement.map((part) => filledIn(part, groups ?? {}));
    return parts.includes(null) ? null : parts.join("");
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
