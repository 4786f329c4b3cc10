import type { Diagnostic } from "../compiler/diagnostics.ts";
import { type CompilationFlags, compileAll, type FileCompilation, listNames } from "./compilation.ts";
import { type ExitCode, Failure } from "./failure.ts";
import { exitCodeOf, hasErrors } from "./messages.ts";
import type { SharedOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/** What became of one of several files. */
export interface CheckedFile {
  /** As it was given. */
  readonly file: string;
  /** Why it could not be checked; null where it was. */
  readonly failure: Failure | null;
  readonly exitCode: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  /** Why files that it imports were not read. */
  readonly refusals: readonly string[];
  /** It and the files that it imports, as far as they were read; not standard input. */
  readonly inputs: readonly string[];
  /** The names of the networks that are clean. */
  readonly networks: readonly string[];
  /** The names of those that were left out, as a parameter has no value. */
  readonly unchecked: readonly string[];
}

/** Compiles all networks of a file that may be wrong or unreadable; `visit` sees them before they are dropped. */
export async function compileEach(
  file: string,
  flags: CompilationFlags,
  terminal: Terminal,
  visit: (compilation: FileCompilation) => void = () => {},
): Promise<CheckedFile> {
  try {
    const compilation = await compileAll(file, flags, terminal);
    visit(compilation);
    const { diagnostics, refusals, inputs } = compilation;
    const networks = networksOf(compilation, flags);
    return {
      file,
      failure: null,
      exitCode: exitCodeOf(diagnostics, flags.deny),
      diagnostics,
      refusals,
      inputs,
      ...networks,
    };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { exitCode } = failure;
    return { file, failure, exitCode, diagnostics: [], refusals: [], inputs: [], networks: [], unchecked: [] };
  }
}

/** `not checked, for want of parameters: A (give them with --set)` */
export function asideOn(unchecked: readonly string[], done: string): string {
  return `not ${done}, for want of parameters: ${visible(listNames(unchecked))} (give them with --set)`;
}

/** Where there are errors, what was not checked cannot be told from what is wrong. */
function networksOf(
  { architectures, networks, diagnostics }: FileCompilation,
  { network }: SharedOptions,
): Pick<CheckedFile, "networks" | "unchecked"> {
  const checked = architectures.map(({ name }) => name);
  const isAsked = network === undefined && !hasErrors(diagnostics);
  return { networks: checked, unchecked: isAsked ? networks.filter((name) => !checked.includes(name)) : [] };
}
