import type { Activation, Architecture, Op, OpKind, OpOf, Shape, Tensor, TensorRole } from "../../src/compiler/ir.ts";
import { noAssumptions } from "../../src/compiler/symbolic.ts";

const source = { path: "test.dnet", text: "" };
const span = { source, start: 0, end: 0 };

/** Architectures written by hand, op by op, so that emission is tested without the front end. */
export class Network {
  readonly input: Activation;
  readonly #ops: Op[] = [];

  constructor(shape: Shape) {
    this.input = { shape, maker: null };
  }

  /** Adds an op, named by its kind and number where no name is given; returns what it makes. */
  apply<K extends OpKind>(
    kind: K,
    settings: OpOf<K>["settings"],
    inputs: readonly Activation[],
    shape: Shape,
    name = `${kind}${this.#ops.length + 1}`,
  ): Activation {
    const output: { shape: Shape; maker: Op | null } = { shape, maker: null };
    const site = { span, caller: null };
    const op = { kind, name, inputs, output, settings, tensors: tensorsOf(kind, settings, name), site };
    output.maker = op as unknown as Op;
    this.#ops.push(output.maker);
    return output;
  }

  architecture(
    last: Activation,
    more: { readonly outputs?: Architecture["outputs"]; readonly doc?: string; readonly name?: string } = {},
  ): Architecture {
    return {
      name: more.name ?? "Test",
      doc: more.doc ?? null,
      source,
      span,
      parameters: [{ name: "growth", value: 32 }],
      input: { name: "image", activation: this.input },
      outputs: [{ name: "output", activation: last }, ...(more.outputs ?? [])],
      ops: this.#ops,
      trainingOps: [],
      tensors: this.#ops.flatMap((op) => op.tensors),
      denseBlocks: [],
      residualBranches: [],
      assumptions: noAssumptions,
    };
  }
}

function tensorsOf(kind: OpKind, settings: object, path: string): readonly Tensor[] {
  const sizes = settings as { readonly [name: string]: never } & Record<string, number> & { kernel: [number, number] };
  const { channels = 0, inChannels = 0, groups = 1, features = 0, inFeatures = 0, count = 0 } = sizes;
  const tensor = (role: TensorRole, shape: readonly number[], tensorKind: Tensor["kind"] = "parameter"): Tensor => {
    const dtype = tensorKind === "counter" || (kind === "select" && role === "index") ? "int64" : "float32";
    return { name: `${path}.${role}`, role, shape, dtype, kind: tensorKind };
  };
  const withBias = (weight: Tensor, size: number) =>
    (sizes.bias as unknown) ? [weight, tensor("bias", [size])] : [weight];
  switch (kind) {
    case "conv":
      return withBias(tensor("weight", [channels, inChannels / groups, ...sizes.kernel]), channels);
    case "deconv":
      return withBias(tensor("weight", [inChannels, channels / groups, ...sizes.kernel]), channels);
    case "linear":
      return withBias(tensor("weight", [features, inFeatures]), features);
    case "batchnorm":
      return [
        ...((sizes.affine as unknown) ? [tensor("weight", [channels]), tensor("bias", [channels])] : []),
        tensor("running_mean", [channels], "buffer"),
        tensor("running_var", [channels], "buffer"),
        tensor("num_batches_tracked", [], "counter"),
      ];
    case "groupnorm":
      return [tensor("weight", [channels]), tensor("bias", [channels])];
    case "select":
      return [tensor("index", [count], "table")];
    case "scatter":
      return [tensor("index", [inChannels, channels], "table")];
    default:
      return [];
  }
}

type Settings<K extends OpKind> = OpOf<K>["settings"];

export const conv = (
  from: number,
  to: number,
  kernel: number,
  more: Partial<Settings<"conv">> = {},
): Settings<"conv"> => ({
  kernel: [kernel, kernel],
  inChannels: from,
  channels: to,
  stride: [1, 1],
  pad: [(kernel - 1) / 2, (kernel - 1) / 2, (kernel - 1) / 2, (kernel - 1) / 2],
  dilation: [1, 1],
  groups: 1,
  bias: false,
  standardize: null,
  ...more,
});

export const batchnorm = (channels: number, more: Partial<Settings<"batchnorm">> = {}): Settings<"batchnorm"> => ({
  channels,
  eps: 1e-5,
  momentum: 0.1,
  affine: true,
  ...more,
});
