import type { Totals } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { Source } from "../compiler/source.ts";
import type { External } from "../emit/beside.ts";
import { type EmittedModel, emit, ModelTooLarge } from "../emit/emit.ts";
import type { Sha256 } from "../emit/pieces.ts";
import type { Dtype, KeepIo } from "../emit/precision.ts";
import { exitCodes, Failure } from "./failure.ts";
import { version } from "./version.ts";
import type { Origin } from "./weights/origin.ts";

export interface ModelFlags {
  readonly seed: bigint;
  readonly opset: number;
  readonly batch?: number;
  readonly fold?: true;
  readonly dtype?: Dtype;
  readonly keepIo?: KeepIo;
}

/** The model of a network with the weights of its origin. Throws a Failure where no file can hold it. */
export function makeModel(
  architecture: Architecture,
  { weights, init }: Origin,
  sources: readonly Source[],
  { params, macs }: Totals,
  flags: ModelFlags,
  external: External | null,
  sha256: () => Sha256,
): EmittedModel {
  const { seed, opset, dtype = "f32", keepIo = "f32" } = flags;
  const source = sha256();
  source.update(Buffer.from(sourceText(sources)));
  const provenance = { version, sourceHash: source.digest("hex"), init, seed, params, macs };
  const options = {
    opset,
    batch: flags.batch ?? null,
    fold: flags.fold ?? false,
    dtype,
    keepIo,
    provenance,
    sha256,
    external,
  };
  try {
    return emit(architecture, weights, options);
  } catch (error) {
    if (error instanceof ModelTooLarge) {
      const help =
        external === null
          ? "with a file after -o and `--external auto`, the values lie in a file beside the model"
          : "";
      throw new Failure(exitCodes.limit, error.message, help);
    }
    throw error;
  }
}

/** What the hash of the source covers: all that was read, one NUL byte between files, the same with CRLF as with LF. */
function sourceText(sources: readonly Source[]): string {
  return sources.map(({ text }) => text.replaceAll("\r\n", "\n")).join("\0");
}
