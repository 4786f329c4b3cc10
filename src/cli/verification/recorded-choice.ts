import type { Architecture } from "../../compiler/ir.ts";
import type { Value } from "../../compiler/value.ts";
import { jsonOf } from "../../emit/metadata.ts";
import type { Model } from "../../inspect/model.ts";
import type { VerifyFlags } from "../commands/verify.ts";
import { compileFile, listNames } from "../compilation.ts";
import { exitCodes, Failure } from "../failure.ts";
import { hasErrors } from "../messages.ts";
import type { ModelFile } from "../model-file.ts";
import type { Note } from "../notes.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { sizesInModel } from "./sizes-in-model.ts";

/**
 * The options with what a model says of the network that it is: the network and the parameters that it records, and the
 * sizes that its input fixes, where the options leave that open; what is not what the file declares first is told.
 * Throws a Failure where the file has several networks, and none of that name. Standard input can be read only once:
 * there only the options count.
 */
export async function asRecorded(
  against: string,
  { named, model }: ModelFile,
  flags: VerifyFlags,
  terminal: Terminal,
  note: Note,
): Promise<VerifyFlags> {
  if (against === "-") return flags;
  const recorded = model.metadata.get("dnetc.network");
  const choose = (names: readonly string[]) =>
    flags.network ?? names.find((name) => name === recorded) ?? names[0] ?? null;
  const { architectures, networks, diagnostics } = await compileFile(against, choose, flags, terminal);
  const network = choose(networks);
  if (network !== recorded) {
    if (recorded !== undefined && flags.network === undefined && networks.length > 1 && !hasErrors(diagnostics))
      throw noSuchNetwork(named, recorded, against, networks);
    return withSizes(flags, model, architectures[0]);
  }
  const found = recordedParameters(model, architectures[0]);
  const set = new Map([...found, ...(flags.set ?? [])]);
  const isTold = network !== networks[0] && flags.network === undefined;
  const settings = [...found].filter(([name]) => !flags.set?.has(name)).map(([name, text]) => `${name} = ${text}`);
  if (isTold || settings.length > 0) {
    const about = settings.length === 0 ? "" : ` with ${settings.join(", ")}`;
    note(`taking ${visible(`${network}${about}`)}, as ${visible(named)} records`);
  }
  return withSizes({ ...flags, ...(network !== null && { network }), set }, model, architectures[0]);
}

function withSizes(flags: VerifyFlags, model: Model, architecture: Architecture | undefined): VerifyFlags {
  if (architecture === undefined) return flags;
  return { ...flags, dim: new Map([...sizesInModel(model, architecture), ...(flags.dim ?? [])]) };
}

function noSuchNetwork(model: string, recorded: string, against: string, networks: readonly string[]): Failure {
  const message = `${model} records that it is ${recorded}, and ${against} has ${listNames(networks)}`;
  return new Failure(exitCodes.diagnostics, message, "`--network NAME` says which of them it should be");
}

/**
 * The parameters that a model records with other values than the network has, as text for `--set`; of a network that
 * needs some to be given all. What is no parameter of the network is compared later.
 */
function recordedParameters({ metadata }: Model, architecture: Architecture | undefined): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const own = new Map(architecture?.parameters.map(({ name, value }) => [name, value]));
  for (const [name, value] of recordedEntries(metadata.get("dnetc.parameters") ?? "")) {
    const mine = own.get(name);
    if (mine === undefined ? architecture !== undefined : JSON.stringify(jsonOf(mine)) === JSON.stringify(value))
      continue;
    const text = textOf(value, mine);
    if (text !== null && /^[A-Za-z_]\w*$/.test(name)) texts.set(name, text);
  }
  return texts;
}

function recordedEntries(text: string): readonly (readonly [name: string, value: unknown])[] {
  try {
    const recorded: unknown = JSON.parse(text);
    return typeof recorded === "object" && recorded !== null ? Object.entries(recorded) : [];
  } catch {
    return [];
  }
}

/** An expression of the language, as the metadata have it; text is known by the value that is there without it. */
function textOf(value: unknown, like: Value | undefined): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return typeof like === "string" ? JSON.stringify(value) : value;
  if (!Array.isArray(value)) return null;
  const items = value.map((item) => textOf(item, Array.isArray(like) ? like[0] : undefined));
  return items.includes(null) ? null : `[${items.join(", ")}]`;
}
