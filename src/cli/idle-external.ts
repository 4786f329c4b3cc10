import type { EmittedModel } from "../emit/emit.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { usageFailure } from "./failure.ts";
import type { Note } from "./notes.ts";
import { visible } from "./visible-text.ts";

type ExternalFlags = Pick<CompileFlags, "external" | "externalSha1">;

/** Refuses the SHA-1 of a file that there cannot be. */
export function refuseIdleChecksum({ external, externalSha1 }: ExternalFlags, isStream: boolean, place: string): void {
  if (!externalSha1 || !(isStream || external === "never")) return;
  const why = isStream ? `there is no folder for one beside ${place}` : "--external never writes none";
  throw usageFailure(`--external-sha1 is about a file beside the model: ${why}`, "leave it out");
}

/** Says where options about a file beside the model mean nothing, as there is none. */
export function noteIdleExternal(network: string, model: EmittedModel, flags: ExternalFlags, note: Note): void {
  const idle = [
    ...(flags.external === "always" ? ["--external always"] : []),
    ...(flags.externalSha1 ? ["--external-sha1"] : []),
  ];
  if (model.data !== null || idle.length === 0) return;
  const why =
    flags.external === "always" ? `no tensor of ${visible(network)} has 64 KiB` : "all values are in the model";
  note(`${why}: ${idle.join(" and ")} ${idle.length === 1 ? "changes" : "change"} nothing`);
}
