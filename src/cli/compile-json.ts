import type { CompileFlags } from "./commands/compile.ts";
import type { Account } from "./compile-account.ts";
import type { Written } from "./compile-summary.ts";
import { diagnosticJson } from "./diagnostics-json.ts";
import { type ExitCode, exitCodes, Failure } from "./failure.ts";
import { type Json, layOutJson, quantityJson } from "./json.ts";
import type { Terminal } from "./terminal.ts";
import { reportJson } from "./weights/report-json.ts";

/**
 * Has `compile` fill in an account, which is then printed on standard output in place of messages on standard error;
 * `schemas/compile.schema.json` describes it. A Failure is told there, and thrown on.
 */
export async function toldAsJson(
  file: string,
  flags: CompileFlags,
  terminal: Terminal,
  compile: (silent: Terminal, account: Account) => Promise<ExitCode>,
): Promise<ExitCode> {
  const account: Account = { notes: [], warnings: [] };
  const tell = (ok: boolean, failure: Failure | null) =>
    terminal.out(layOutJson(accountJson(file, flags, account, ok, failure)));
  try {
    const exitCode = await compile({ ...terminal, err() {}, errIsTerminal: false }, account);
    await tell(exitCode === exitCodes.ok, null);
    return exitCode;
  } catch (error) {
    if (error instanceof Failure) await tell(false, error);
    throw error;
  }
}

/** Fields are only ever added. */
function accountJson(
  file: string,
  { weights, opset }: CompileFlags,
  { notes, warnings, chosen, report, written, isVerified }: Account,
  ok: boolean,
  failure: Failure | null,
): { readonly [name: string]: Json } {
  const refusals = (chosen?.refusals ?? []).map((message) => ({ file, code: null, message, help: "" }));
  return {
    schemaVersion: 1,
    ok,
    file,
    network: chosen?.kind === "clean" ? chosen.architecture.name : null,
    diagnostics: (chosen?.diagnostics ?? []).map(diagnosticJson),
    notes,
    warnings: warnings.map(({ code, message, help }) => ({ code, message, help })),
    weights: weights !== undefined && report ? reportJson(report, weights) : null,
    model: written ? modelJson(written, opset) : null,
    verified: isVerified ?? null,
    failures: [...(failure ? [failureJson(file, failure)] : []), ...refusals],
  };
}

function failureJson(file: string, { file: atFault, code, message, help }: Failure): Json {
  return { file: atFault ?? file, code, message, help };
}

function modelJson({ place, model, data, totals, dtype, keepIo, range }: Written, opset: number): Json {
  const { bytes, nodes, folding } = model;
  return {
    file: place,
    bytes,
    data: data === null ? null : { file: data, bytes: model.data?.bytes ?? 0 },
    nodes,
    params: quantityJson(totals.params),
    macs: quantityJson(totals.macs),
    opset,
    dtype,
    keepIo,
    folding: folding && { folded: folding.folded, left: folding.left.map(({ name, why }) => ({ name, why })) },
    faded: range.faded.map(({ name, elements, count }) => ({ name, elements, count })),
  };
}
