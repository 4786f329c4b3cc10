import { largestStretch } from "../emit/pieces.ts";
import { ModelFault } from "../inspect/fault.ts";
import { type Graph, type Model, readModel } from "../inspect/model.ts";
import { nothingBeside, type StoredTensor } from "../inspect/stored-tensor.ts";
import { decode, storedBytes } from "../weights/decode.ts";
import type { ReadStretch } from "../weights/make.ts";
import type { StoredType } from "../weights/recipe.ts";
import { elementsOf } from "../weights/weights.ts";
import { refuseLost } from "./lost-tensors.ts";
import { type SavedFile, savedFile, type TensorToSave } from "./saved-file.ts";

/**
 * The weights that a model holds, as a safetensors file. `beside` reads what lies beside the model, by the name that the
 * model has for that file. Throws a ModelFault where it is no model of dnetc.
 */
export function extractWeights(model: Uint8Array, beside: ReadStretch | null = null): SavedFile {
  const open = (_: string, { location, offset, length }: NonNullable<StoredTensor["place"]>) => {
    return () => (beside as ReadStretch)(location, offset, length);
  };
  return savedFile(modelTensors(readModel(model, beside ? open : nothingBeside), beside).tensors);
}

export interface ModelTensors {
  readonly tensors: readonly TensorToSave[];
  /** In what the values differ from those of the network; known when they have been read. */
  about(): AboutValues;
}

export interface AboutValues {
  /** How many parameters the model holds. */
  readonly held: number;
  /** How many the network has, as the model records it; null where it does not. */
  readonly recorded: number | null;
  /** Whether normalisations may be in its convolutions, which then have a bias. */
  readonly mayBeFolded: boolean;
  /** How many weights are standardised. */
  readonly standardised: number;
}

/**
 * The stored tensors of a model, by their names, and for every batch normalisation the counter that no model holds, as
 * 0. Other constants of the model are no weights. Throws a ModelFault where the weights have names of others.
 */
export function modelTensors({ graph, metadata }: Model, beside: ReadStretch | null): ModelTensors {
  const stored = [...graph.initializers.values()].filter(({ name }) => roles.test(name));
  if (stored.length === 0 && !metadata.has("dnetc.network")) throw withoutNames();
  refuseLost(graph, (name) => roles.test(name));
  let standardised = 0;
  const tensors = stored.map(
    (tensor): TensorToSave => ({
      name: tensor.name,
      dtype: dtypes[tensor.dtype],
      shape: tensor.shape,
      *pieces() {
        let isFirst = true;
        for (const bytes of stretchesOf(tensor, beside)) {
          if (isFirst && isStandardised(tensor, bytes)) standardised++;
          isFirst = false;
          yield { kind: "bytes", bytes, areValues: true };
        }
      },
    }),
  );
  const counters = stored.flatMap(({ name }) => (name.endsWith(meanRole) ? [counterOf(name)] : []));
  return {
    tensors: [...tensors, ...counters],
    about: () => ({
      held: parametersIn(stored),
      recorded: recordedIn(metadata),
      mayBeFolded: mayBeFolded(graph),
      standardised,
    }),
  };
}

function withoutNames(): ModelFault {
  return new ModelFault(
    "model-foreign",
    "it holds no weights by names that dnetc gives: another program has written it",
  );
}

function mayBeFolded({ nodes }: Graph): boolean {
  return nodes.some(({ type, inputs }) => (type === "Conv" || type === "ConvTranspose") && Boolean(inputs[2]));
}

/** What lies beside the model is not read whole; it has been looked up when the model was read. */
function* stretchesOf({ place, bytes }: StoredTensor, beside: ReadStretch | null): Generator<Uint8Array> {
  if (place === null || beside === null) return yield bytes();
  const { location, offset, length } = place;
  for (let at = 0; at < length; at += largestStretch) {
    yield beside(location, offset + at, Math.min(largestStretch, length - at));
  }
}

/** What the names of tensors end in. */
const roles = /\.(?:weight|bias|running_mean|running_var|index)$/;
const meanRole = ".running_mean";

const dtypes: Readonly<Record<StoredTensor["dtype"], StoredType>> = {
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

function parametersIn(stored: readonly StoredTensor[]): number {
  const parameters = stored.filter(({ name }) => /\.(?:weight|bias)$/.test(name));
  return parameters.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
}

function recordedIn(metadata: Model["metadata"]): number | null {
  const recorded = Number(metadata.get("dnetc.params"));
  return Number.isSafeInteger(recorded) ? recorded : null;
}

/** Whether the first filters of a convolution have mean 0 and variance 1, as by chance none have. */
function isStandardised({ dtype, shape }: StoredTensor, bytes: Uint8Array): boolean {
  const [filters = 0, ...sizes] = shape;
  const size = elementsOf(sizes);
  const filterBytes = size * storedBytes[dtypes[dtype]];
  const looked = Math.min(filters, mostLooked, Math.floor(bytes.length / filterBytes));
  if (dtype === "int64" || sizes.length !== 3 || size < fewest || looked === 0) return false;
  const values = decode(bytes.subarray(0, looked * filterBytes), dtypes[dtype]) as Float32Array;
  const roundoff = roundoffs[dtype];
  return Array.from({ length: looked }, (_, i) => values.subarray(i * size, (i + 1) * size)).every((filter) => {
    const mean = filter.reduce((sum, value) => sum + value, 0) / size;
    const variance = filter.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    return Math.abs(mean) < 1e-5 + roundoff && Math.abs(variance - 1) < 1e-4 + 2 * roundoff;
  });
}

const fewest = 8;
const mostLooked = 4;

/** By what share of itself a value of variance 1 may have been moved. */
const roundoffs = { float32: 0, float16: 2 ** -11, bfloat16: 2 ** -8 } as const;
