import type { Attribute } from "./node.ts";

/**
 * What ONNX takes where a node leaves an attribute out (https://onnx.ai/onnx/operators/), for images of two sides.
 * Null: what the other inputs say. An attribute that is not listed has no default, or is not known.
 */
const defaults: ReadonlyMap<string, Readonly<Record<string, Attribute | null>>> = new Map([
  ["Conv", { ...windows(), group: 1, kernel_shape: null }],
  ["ConvTranspose", { ...windows(), group: 1, kernel_shape: null, output_padding: [0, 0], output_shape: null }],
  ["MaxPool", { ...windows(), ceil_mode: 0, storage_order: 0 }],
  ["AveragePool", { ...windows(), ceil_mode: 0, count_include_pad: 0 }],
  ["BatchNormalization", { epsilon: 1e-5, momentum: 0.9, training_mode: 0 }],
  ["InstanceNormalization", { epsilon: 1e-5 }],
  ["LRN", { alpha: 1e-4, beta: 0.75, bias: 1 }],
  ["LeakyRelu", { alpha: 0.01 }],
  ["HardSigmoid", { alpha: 0.2, beta: 0.5 }],
  ["Gelu", { approximate: "none" }],
  ["Cast", { saturate: 1 }],
  ["Softmax", { axis: -1 }],
  ["Gemm", { alpha: 1, beta: 1, transA: 0, transB: 0 }],
  ["Flatten", { axis: 1 }],
  ["Gather", { axis: 0 }],
  ["Pad", { mode: "constant" }],
  ["ReduceMean", { keepdims: 1, noop_with_empty_axes: 0 }],
  ["ReduceMax", { keepdims: 1, noop_with_empty_axes: 0 }],
  ["Reshape", { allowzero: 0 }],
  ["Shape", { start: 0, end: null }],
  [
    "Resize",
    {
      antialias: 0,
      axes: null,
      coordinate_transformation_mode: "half_pixel",
      cubic_coeff_a: -0.75,
      exclude_outside: 0,
      extrapolation_value: 0,
      keep_aspect_ratio_policy: "stretch",
      mode: "nearest",
      nearest_mode: "round_prefer_floor",
    },
  ],
]);

function windows(): Readonly<Record<string, Attribute>> {
  return { auto_pad: "NOTSET", dilations: [1, 1], pads: [0, 0, 0, 0], strides: [1, 1] };
}

/** Undefined where the operator has no such attribute, or no default of it. */
export function defaultOf(type: string, attribute: string): Attribute | null | undefined {
  return defaults.get(type)?.[attribute];
}
