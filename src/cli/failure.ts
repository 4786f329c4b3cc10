import { fact, title } from "./message-parts.ts";
import { outputCodes } from "./output-codes.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/** What `dnetc` exits with. */
export const exitCodes = {
  ok: 0,
  /** Diagnostics, a failed contract or a failed verification. */
  diagnostics: 1,
  usage: 2,
  inputOutput: 3,
  limit: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Exit codes grow with what they mean: mistakes, wrong usage, unreadable files, limits. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (code > worst ? code : worst), exitCodes.ok);
}

/** Ends a command with a message for the user: not a bug, and not a mistake in a program. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  /** What to try; empty where nothing can be said. */
  readonly help: string;
  /** The public code of the message, which `dnetc explain` knows; null for what needs no page. */
  readonly code: string | null;
  /** The file at fault, where that is another one than the command was given first. */
  readonly file: string | null;

  constructor(exitCode: ExitCode, message: string, help = "", code: string | null = null, file: string | null = null) {
    super(message);
    this.file = file;
    this.exitCode = exitCode;
    this.help = help;
    this.code = code;
  }
}

export function usageFailure(message: string, help = ""): Failure {
  return new Failure(exitCodes.usage, message, help);
}

/** What is wrong with what a command makes, and does not end it. */
export type Warning = Pick<Failure, "message" | "help" | "code">;

/** Where messages go. */
export type Told = Pick<Terminal, "err" | "errColors">;

export function printFailure(failure: Failure, terminal: Told): void {
  print("error", failure, terminal);
}

export function printWarning(warning: Warning, terminal: Told): void {
  print("warning", warning, terminal);
}

/** What is worth knowing and no problem. */
export function printNote(text: string, { err, errColors }: Told): void {
  err(`${title("note", null, text, errColors)}\n`);
}

function print(
  severity: "error" | "warning",
  { message, help, code }: Failure | Warning,
  { err, errColors }: Told,
): void {
  // On one line: a line break can only be that of a path.
  err(`${title(severity, code, visible(message), errColors)}\n`);
  if (help !== "") err(`${fact("help", help, "  ", errColors)}\n`);
}

/** `doing` as in "cannot read x.dnet". Errors that no file system makes are passed through: they are bugs. */
export function inputOutputFailure(doing: string, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const reason = reasonOf(error);
  return reason === null ? error : new Failure(exitCodes.inputOutput, `cannot ${doing}: ${reason}`);
}

/** Why a file was not written, with the code of what keeps it from being so; other errors as `inputOutputFailure`. */
export function outputFailure(target: string, error: unknown): unknown {
  const failure = inputOutputFailure(`write ${target}`, error);
  if (!(failure instanceof Failure) || failure === error) return failure;
  return new Failure(failure.exitCode, failure.message, "", outputCodeOf(error));
}

/** Why the operating system refused, in words; null where `error` comes from elsewhere. */
export function reasonOf(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null) return null;
  return reasons.get(code) ?? `the operating system says ${code}`;
}

function outputCodeOf(error: unknown): string | null {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return outputCodes.full;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return outputCodes.denied;
    default:
      return null;
  }
}

/** `ENOENT` and the like; null where `error` comes from elsewhere. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EISDIR", "it is a folder, not a file"],
  ["EACCES", "permission denied"],
  ["EPERM", "the operation is not permitted"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "no space is left on the device"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file would be too large for its file system"],
  ["ELOOP", "its symbolic links lead in a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["EMFILE", "too many files are open"],
  ["ENXIO", "nothing is connected to it"],
  ["EPIPE", "its reader has gone"],
  ["EIO", "the device failed"],
]);
