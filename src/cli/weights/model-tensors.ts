import path from "node:path";
import { largestStretch } from "../../emit/pieces.ts";
import type { Model } from "../../inspect/model.ts";
import type { StoredTensor } from "../../inspect/stored-tensor.ts";
import type { ReadStretch } from "../../weights/make.ts";
import type { Dtype } from "../../weights/safetensors/dtypes.ts";
import { elementsOf } from "../../weights/weights.ts";
import { exactly } from "../figures.ts";
import type { ModelFile } from "../model-file.ts";
import { counted } from "../render.ts";
import type { TensorToSave } from "./saved-file.ts";

export interface ModelTensors {
  readonly tensors: readonly TensorToSave[];
  /** In what the values differ from those of the network; known when they have been written. */
  notes(): readonly string[];
}

/**
 * The stored tensors of a model, by their names, and for every batch normalisation the counter that no model holds, as
 * 0. Other constants of the model are no weights. `read` reads what lies beside the model.
 */
export function modelTensors({ file, model: { graph, metadata } }: ModelFile, read: ReadStretch): ModelTensors {
  const stored = [...graph.initializers.values()].filter(({ name }) => roles.test(name));
  let standardised = 0;
  const tensors = stored.map(
    (tensor): TensorToSave => ({
      name: tensor.name,
      dtype: dtypes[tensor.dtype],
      shape: tensor.shape,
      *pieces() {
        let isFirst = true;
        for (const bytes of stretchesOf(tensor, path.dirname(file), read)) {
          if (isFirst && isStandardised(tensor, bytes)) standardised++;
          isFirst = false;
          yield { kind: "bytes", bytes, areValues: true };
        }
      },
    }),
  );
  const counters = stored.flatMap(({ name }) => (name.endsWith(meanRole) ? [counterOf(name)] : []));
  const notes = () => [...notesOnCount(stored, metadata), ...notesOnStandardisation(standardised)];
  return { tensors: [...tensors, ...counters], notes };
}

/** What lies beside the model is not read whole; it has been looked up when the model was read. */
function* stretchesOf({ place, bytes }: StoredTensor, folder: string, read: ReadStretch): Generator<Uint8Array> {
  if (place === null) return yield bytes();
  const { location, offset, length } = place;
  for (let at = 0; at < length; at += largestStretch) {
    yield read(path.resolve(folder, location), offset + at, Math.min(largestStretch, length - at));
  }
}

/** What the names of tensors end in. */
const roles = /\.(?:weight|bias|running_mean|running_var|index)$/;
const meanRole = ".running_mean";

const dtypes: Readonly<Record<StoredTensor["dtype"], Dtype>> = {
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
};

function counterOf(mean: string): TensorToSave {
  const name = `${mean.slice(0, -meanRole.length)}.num_batches_tracked`;
  return {
    name,
    dtype: "I64",
    shape: [],
    pieces: () => [{ kind: "bytes", bytes: new Uint8Array(8), areValues: true }],
  };
}

function notesOnCount(stored: readonly StoredTensor[], metadata: Model["metadata"]): readonly string[] {
  const parameters = stored.filter(({ name }) => /\.(?:weight|bias)$/.test(name));
  const held = parameters.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  const recorded = Number(metadata.get("dnetc.params"));
  if (!Number.isSafeInteger(recorded) || recorded === held) return [];
  const why = "batch normalisations that were folded, and layers of training, are not in it";
  return [`the model holds ${exactly(held)} of ${exactly(recorded)} parameters: ${why}`];
}

function notesOnStandardisation(standardised: number): readonly string[] {
  if (standardised === 0) return [];
  const are = standardised === 1 ? "is" : "are";
  return [`${counted(standardised, "weight")} of the model ${are} standardised, and written so`];
}

/** Whether the first filter of a convolution has mean 0 and variance 1, as by chance none has. */
function isStandardised({ dtype, shape }: StoredTensor, bytes: Uint8Array): boolean {
  if (dtype !== "float32" || shape.length !== 4) return false;
  const size = elementsOf(shape.slice(1));
  if (size < fewest || bytes.length < 4 * size) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * size);
  const filter = Array.from({ length: size }, (_, i) => view.getFloat32(4 * i, true));
  const mean = filter.reduce((sum, value) => sum + value, 0) / size;
  const variance = filter.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
  return Math.abs(mean) < 1e-5 && Math.abs(variance - 1) < 1e-4;
}

const fewest = 8;
