import { type Compilation, type CompileOptions, compile } from "../compiler/compile.ts";
import type { Architecture } from "../compiler/ir.ts";
import { defaultLimits } from "../compiler/limits.ts";
import type { Source } from "../compiler/source.ts";
import { suggest } from "../compiler/suggest.ts";
import { type ExitCode, exitCodes, Failure, printNote, usageFailure } from "./failure.ts";
import {
  exitCodeOf,
  hasErrors,
  printDiagnostics,
  printHint,
  printRefusals,
  printSummary,
  toPrint,
} from "./messages.ts";
import { applyLimits, type SharedOptions } from "./options.ts";
import { Imports, readSource } from "./read-source.ts";
import type { Terminal } from "./terminal.ts";

export interface FileCompilation extends Compilation {
  /** How messages name the file. */
  readonly path: string;
  /** The files that were read; not standard input. */
  readonly inputs: readonly string[];
  /** Why files that the program imports were not read. */
  readonly refusals: readonly string[];
}

/** One clean network, or the exit code after what is wrong has been printed. */
export type Chosen = Pick<FileCompilation, "diagnostics" | "refusals"> &
  (
    | {
        readonly kind: "clean";
        readonly architecture: Architecture;
        readonly inputs: readonly string[];
        readonly sources: readonly Source[];
      }
    | { readonly kind: "rejected"; readonly exitCode: ExitCode }
  );

/** What the commands that compile take, and some of them `--lint`. */
export type CompilationFlags = SharedOptions & { readonly lint?: true };

/** Compiles all networks of a file, or the one that is named. Throws a Failure where there is no such file or network. */
export function compileAll(file: string, flags: CompilationFlags, terminal: Terminal): Promise<FileCompilation> {
  return compileFile(file, flags.network ?? null, flags, terminal);
}

/**
 * Compiles one network of a file, the first where none is named, and prints its diagnostics.
 * Throws a Failure where there is no such file or network.
 */
export async function compileOne(file: string, flags: CompilationFlags, terminal: Terminal): Promise<Chosen> {
  const choice = flags.network ?? ((names: readonly string[]) => names[0] ?? null);
  const { path, architectures, diagnostics, networks, inputs, sources, refusals } = await compileFile(
    file,
    choice,
    flags,
    terminal,
  );
  const [first, second] = networks;
  if (flags.network === undefined && first !== undefined && second !== undefined && !flags.quiet) {
    printNote(`taking ${first}, the first of ${networks.length} networks; --network names another`, terminal);
  }
  const shown = toPrint(diagnostics, flags);
  printDiagnostics(shown, terminal);
  printRefusals(refusals, terminal);
  printSummary(shown, flags.deny, terminal);
  if (!flags.quiet) printHint(shown, flags.deny, terminal);
  const exitCode = exitCodeOf(diagnostics, flags.deny);
  if (exitCode !== exitCodes.ok) return { kind: "rejected", exitCode, diagnostics, refusals };
  const [architecture] = architectures;
  if (!architecture) throw new Failure(exitCodes.diagnostics, `${path} declares no network`);
  return { kind: "clean", architecture, inputs, sources, diagnostics, refusals };
}

/** Compiles a network of a file, or all of them where `network` is null. Throws as `compileAll` does. */
export async function compileFile(
  file: string,
  network: CompileOptions["network"],
  flags: CompilationFlags,
  terminal: Terminal,
): Promise<FileCompilation> {
  const limits = applyLimits(defaultLimits, flags.limit);
  const { set = new Map(), dim: dims = new Map(), lint = false } = flags;
  const source = await readSource(file, limits.bytes, terminal);
  const imports = new Imports(limits.bytes, terminal);
  const compilation = compile(source, { load: imports.load, network, set, dims, limits, lint });
  if (flags.network !== undefined) requireNetwork(flags.network, compilation, source);
  const inputs = file === "-" ? imports.paths : [file, ...imports.paths];
  return { ...compilation, path: source.path, inputs, refusals: imports.refusals };
}

/** A file with mistakes may not show all its networks; then the mistakes are what to tell. */
function requireNetwork(name: string, { networks, diagnostics }: Compilation, { path }: Source): void {
  if (networks.includes(name) || hasErrors(diagnostics)) return;
  const similar = suggest(name, networks);
  const help = similar === null ? listed(networks) : `did you mean \`${similar}\`?`;
  throw usageFailure(`${path} has no network ${name}`, help);
}

function listed(networks: readonly string[]): string {
  return networks.length === 0 ? "" : `its networks are ${listNames(networks)}`;
}

/** The names, cut where they are many. */
export function listNames(names: readonly string[]): string {
  return `${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`;
}
