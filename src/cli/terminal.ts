import { fstatSync, readSync, writeFileSync } from "node:fs";
import picocolors from "picocolors";
import type { Contender } from "../runtime/contender.ts";
import type { Job, Outcome } from "../runtime/device.ts";
import { toAscii } from "./ascii.ts";
import { codeOf, exitCodes, Failure, outputFailure, printFailure } from "./failure.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;
export const colorChoices = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof colorChoices)[number];

/** What a command sees of the world besides files; tests bring their own. */
export interface Terminal {
  /** The bytes of standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Data, to standard output; false where the reader has gone. */
  out(data: string | Uint8Array): Promise<boolean>;
  /** Messages, to standard error. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Whether people see what is not ASCII; JSON and the like are UTF-8 in any case. */
  readonly outShowsUnicode: boolean;
  readonly errShowsUnicode: boolean;
  /** For messages, as `--color` asks. */
  readonly errColors: Colors;
  /** Width of the window; null where there is none. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of every file of the program before it is read, also of those that are not there. */
  readonly onRead?: (file: string) => void;
  /** Runs a model in a process of its own. */
  readonly runModel: (job: Job) => Promise<Outcome>;
  /** Starts a process of its own for a model that takes part in a bench. */
  readonly startContender: () => Promise<Contender>;
}

/** The terminal before a command has said how messages are to look. */
export type World = Omit<Terminal, "errColors">;

/** By this argument a process knows that another one has started it to run a model. */
export const jobArgument = "--run-model";
/** And by this one to be asked for runs of a bench. */
export const contenderArgument = "--run-contender";

/** The terminal of this process. A reader that has gone (`| head`) is no error. */
export function processTerminal(): World {
  process.stdout.on("error", (error) => void failToWrite(error));
  // There is nobody left to tell.
  process.stderr.on("error", () => {});
  const outIsTerminal = process.stdout.isTTY === true;
  const errIsTerminal = process.stderr.isTTY === true;
  return {
    input: standardInput(),
    out: isFile(1)
      ? writeWhole
      : (data) => new Promise((resolve) => process.stdout.write(data, (error) => resolve(!error))),
    err: (text) => void process.stderr.write(text),
    outIsTerminal,
    errIsTerminal,
    outShowsUnicode: !outIsTerminal || showsUnicode(process.env, process.platform),
    errShowsUnicode: !errIsTerminal || showsUnicode(process.env, process.platform),
    // The window may become another size while a command watches.
    get columns() {
      return windowWidth(process.stdout.columns, process.stderr.columns);
    },
    env: process.env,
    async runModel(job) {
      const { runInChild } = await import("../runtime/run-in-child.ts");
      return runInChild({ file: process.argv[1] as string, argument: jobArgument }, job);
    },
    async startContender() {
      const { ContenderInChild } = await import("../runtime/contender-in-child.ts");
      return new ContenderInChild({ file: process.argv[1] as string, argument: contenderArgument });
    },
  };
}

/** By what the streams say of their windows. Where a terminal has none, as that of `script`, it gives a width of 0. */
export function windowWidth(...widths: readonly (number | undefined)[]): number | null {
  const told = widths.filter((width) => width !== undefined);
  return told.length === 0 ? null : (told.find((width) => width > 0) ?? usualWidth);
}

const usualWidth = 80;

/** To a file, of which the stream of Node.js would lose what the system does not take at once. */
async function writeWhole(data: string | Uint8Array): Promise<boolean> {
  try {
    writeFileSync(1, data);
    return true;
  } catch (error) {
    return failToWrite(error);
  }
}

function failToWrite(error: unknown): false {
  if (codeOf(error) === "EPIPE") return false;
  const failure = outputFailure("to standard output", error);
  const told = failure instanceof Failure ? failure : new Failure(exitCodes.inputOutput, String(error));
  printFailure(told, { err: (text) => process.stderr.write(text), errColors: picocolors.createColors(false) });
  process.exit(told.exitCode);
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Node.js reads nothing, and no error, from a folder. */
async function* standardInput(): AsyncIterable<Uint8Array> {
  if (fstatSync(0).isDirectory()) readSync(0, new Uint8Array(1));
  yield* process.stdin;
}

/** By the locale, as the C library reads it. The console of Linux has UTF-8, but no glyphs for it. */
export function showsUnicode(env: Terminal["env"], platform: NodeJS.Platform): boolean {
  if (platform === "win32") return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "C";
  return env.TERM !== "linux" && /utf-?8/i.test(locale);
}

/**
 * The terminal with messages as the arguments ask: in ASCII, also where it shows nothing else, and in colours. The options
 * are not read yet, as what is wrong with them is told in the same way.
 */
export function asAsked(world: World, args: readonly string[]): Terminal {
  const isAsciiAsked = args.includes("--ascii");
  const outShowsUnicode = world.outShowsUnicode && !isAsciiAsked;
  const errShowsUnicode = world.errShowsUnicode && !isAsciiAsked;
  const err = (text: string) => world.err(errShowsUnicode ? text : toAscii(text));
  return {
    ...world,
    err,
    outShowsUnicode,
    errShowsUnicode,
    errColors: colorsFor(colorAsked(args), world.errIsTerminal, world.env),
    get columns() {
      return world.columns;
    },
  };
}

/** Given twice, the option is refused, and asks for nothing. */
function colorAsked(args: readonly string[]): ColorChoice {
  const values = args.flatMap((arg, i) => {
    if (arg === "--color") return [args[i + 1]];
    return arg.startsWith("--color=") ? [arg.slice("--color=".length)] : [];
  });
  return (values.length === 1 && colorChoices.find((choice) => choice === values[0])) || "auto";
}

/** Text for people on standard output, as its terminal shows it. */
export function shown(text: string, terminal: Pick<Terminal, "outShowsUnicode">): string {
  return terminal.outShowsUnicode ? text : toAscii(text);
}

/** Colours for a stream: as asked, otherwise by `NO_COLOR` and `FORCE_COLOR`, otherwise on a terminal only. */
export function colorsFor(choice: ColorChoice, isTerminal: boolean, env: Terminal["env"]): Colors {
  return picocolors.createColors(choice === "auto" ? wantsColor(isTerminal, env) : choice === "always");
}

function wantsColor(isTerminal: boolean, env: Terminal["env"]): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTerminal && env.TERM !== "dumb";
}
