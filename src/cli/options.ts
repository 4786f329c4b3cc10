import { type Command, InvalidArgumentError, Option } from "commander";
import type { LimitName, Limits } from "../compiler/limits.ts";
import { usageFailure } from "./failure.ts";
import { type ColorChoice, colorChoices } from "./terminal.ts";

/** What `--deny` takes; notes include warnings. */
export type Denied = "warnings" | "notes";

/** What every command that compiles takes. */
export interface SharedOptions {
  readonly network?: string;
  readonly set?: ReadonlyMap<string, string>;
  readonly dim?: ReadonlyMap<string, string>;
  readonly limit?: ReadonlyMap<LimitName, number>;
  /** From which severity on messages make the command fail, as errors do. */
  readonly deny?: Denied;
  readonly color: ColorChoice;
  readonly quiet?: true;
}

/** Of the option `--lint`, for the commands that have it. */
export const lintDescription = "also warn of what is right and yet slow, wasted or seldom meant";

/** `otherwise` says which network is taken where none is named. */
export function addSharedOptions(command: Command, otherwise: string): Command {
  return command
    .option("--network <name>", `the network to take; without it, ${otherwise}`)
    .addOption(repeatable("--set <name=value>", "give a parameter a value; repeatable", parseAssignment))
    .addOption(repeatable("--dim <name=size>", "give a symbolic size a value, as in H=224; repeatable", parseSize))
    .addOption(
      repeatable("--limit <name=n>", `raise or lower a limit (${limitNames.join(", ")}); repeatable`, parseLimit),
    )
    .addOption(new Option("--deny <severity>", "fail on warnings, or notes too, as on errors").choices(denied))
    .addOption(new Option("--color <when>", "colour the messages").choices(colorChoices).default("auto"))
    .option("--ascii", "write messages in ASCII, as where the terminal shows no UTF-8")
    .option("-q, --quiet", "print problems only");
}

/** Refuses an option that takes one value and is given twice, once all options of the command are described. */
export function refuseRepetition(command: Command): void {
  for (const option of command.options.filter((one) => one.required && !repeatables.has(one))) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw usageFailure(`the option --${option.name()} is given more than once`);
      isGiven = true;
    });
  }
}

/** Those of the named options that were given, as they are written. */
export function givenOptions(command: Command, names: readonly string[]): readonly string[] {
  const given = command.options.filter((option) => {
    const name = option.attributeName();
    return names.includes(name) && command.getOptionValueSource(name) === "cli";
  });
  return given.map((option) => option.long ?? option.flags);
}

/** A whole number within bounds, as commander reads an argument; `otherwise` says what else it may be. */
export function wholeNumber(least: number, most: number, otherwise = ""): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It is not a whole number ${bounds}${otherwise}.`);
  };
}

/** A seed: a whole number below 2^64. */
export function parseSeed(text: string): bigint {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : null;
  if (value !== null && value < 2n ** 64n) return value;
  throw new InvalidArgumentError("It is not a whole number from 0 to 2^64 − 1.");
}

/** The limits with those that `--limit` changes. */
export function applyLimits(limits: Limits, changes: ReadonlyMap<LimitName, number> | undefined): Limits {
  return { ...limits, ...Object.fromEntries(changes ?? []) };
}

const denied: readonly Denied[] = ["warnings", "notes"];

const repeatables = new WeakSet<Option>();

type Parse<K, V> = (text: string) => readonly [K, V];

function repeatable<K extends string, V>(flags: string, description: string, parse: Parse<K, V>): Option {
  const option = new Option(flags, description).argParser((text, before: ReadonlyMap<K, V> | undefined) => {
    const [key, value] = parse(text);
    if (before?.has(key)) throw new InvalidArgumentError(`${key} has a value already.`);
    return new Map(before).set(key, value);
  });
  repeatables.add(option);
  return option;
}

/** An option whose values are collected as they are. */
export function textList(flags: string, description: string): Option {
  const option = new Option(flags, description).argParser((text, before: readonly string[] = []) => [...before, text]);
  repeatables.add(option);
  return option;
}

/** An option whose values are collected, each of them once. */
export function choiceList<V extends string>(flags: string, description: string, choices: readonly V[]): Option {
  const option = new Option(flags, description).argParser((text, before: readonly V[] = []) => {
    const known = choices.find((one) => one === text);
    if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    return [...new Set([...before, known])];
  });
  repeatables.add(option);
  return option;
}

function parseAssignment(text: string): readonly [string, string] {
  const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=(.*\S.*)$/su.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write name=value.");
  return [name, value.trim()];
}

function parseSize(text: string): readonly [string, string] {
  const [name, value] = parseAssignment(text);
  if (name === "N") throw new InvalidArgumentError("N is the batch size; compile fixes it with --batch.");
  return [name, value];
}

// Typed by the limits themselves: a new one cannot be forgotten here.
const limits: Readonly<Record<LimitName, true>> = {
  bytes: true,
  tokens: true,
  nesting: true,
  ops: true,
  bits: true,
  fuel: true,
  messages: true,
};
const limitNames = Object.keys(limits) as LimitName[];

function parseLimit(text: string): readonly [LimitName, number] {
  const [name = "", value = ""] = text.split("=", 2);
  const known = limitNames.find((one) => one === name);
  if (!known) throw new InvalidArgumentError(`The limits are ${limitNames.join(", ")}.`);
  return [known, wholeNumber(1, Number.MAX_SAFE_INTEGER)(value)];
}
