import type { Application, Operand } from "./application.ts";

type Rule = (at: Application) => Operand;

const shaped = (shape: readonly number[]): Operand => ({ shape, values: null });
const same: Rule = (at) => shaped(at.shape(0));
const stretched: Rule = (at) => shaped(at.shapes.reduce((a, b) => broadcast(a, b, at), at.shape(0)));

/** Of the operators that dnetc writes, how each makes its shape. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[
    "Relu",
    "LeakyRelu",
    "Sigmoid",
    "HardSwish",
    "HardSigmoid",
    "Tanh",
    "Gelu",
    "Erf",
    "Softmax",
    "Identity",
    "Clip",
    "LRN",
    "Cast",
  ].map((type) => [type, same] as const),
  ...["Add", "Mul", "Div"].map((type) => [type, stretched] as const),
  ["BatchNormalization", (at) => perChannel(at, [1, 2, 3, 4])],
  ["InstanceNormalization", (at) => perChannel(at, [1, 2])],
  ["Conv", convolution],
  ["ConvTranspose", transposedConvolution],
  ["Gemm", product],
  ["MatMul", matrixProduct],
  ["MaxPool", pooling],
  ["AveragePool", pooling],
  ["GlobalAveragePool", onePixel],
  ["GlobalMaxPool", onePixel],
  ["ReduceMean", reduction],
  ["ReduceMax", reduction],
  ["Concat", concatenation],
  ["Flatten", flattening],
  ["Reshape", reshaping],
  ["Transpose", transposition],
  ["Unsqueeze", unsqueezing],
  ["Shape", (at) => ({ shape: [at.shape(0).length], values: at.shape(0) })],
  ["Gather", gathering],
  ["Slice", slicing],
  ["Pad", padding],
  ["Resize", resizing],
]);

/** The parameters have one value for each channel. */
function perChannel(at: Application, parameters: readonly number[]): Operand {
  const channels = at.shape(0)[1];
  for (const index of parameters) {
    at.require(
      at.shape(index).length === 1 && at.shape(index)[0] === channels,
      `has parameters for ${at.shape(index)} channels, not ${channels}`,
    );
  }
  return same(at);
}

/** ⌊(i + pads − d·(k − 1) − 1)/s⌋ + 1 along each side. */
function convolution(at: Application): Operand {
  const [n, channels, height, width] = at.image(0);
  const [filters, depth, ...kernel] = at.shape(1);
  const groups = at.number("group", 1);
  const read = groups === 1 ? `${depth} channels` : `${depth} channels in each of ${groups} groups`;
  at.require(
    depth === channels / groups,
    `reads ${at.name(1)}, filters for ${read}, and ${at.name(0)} has ${channels}`,
  );
  at.require((filters ?? 0) % groups === 0, `has ${filters} filters in ${groups} groups`);
  requireBias(at, filters);
  const declared = at.numbers("kernel_shape", kernel);
  at.require(String(declared) === String(kernel), `has the kernel [${declared}], but weights of [${kernel}]`);
  return shaped([n, filters ?? 0, ...windows(at, kernel, [height, width])]);
}

function requireBias(at: Application, channels: number | undefined): void {
  if (at.shapes.length > 2) at.require(String(at.shape(2)) === String([channels]), `has a bias of [${at.shape(2)}]`);
}

function windows(at: Application, kernel: readonly number[], sides: readonly [number, number]): readonly number[] {
  const strides = at.numbers("strides", [1, 1]);
  const dilations = at.numbers("dilations", [1, 1]);
  const pads = at.numbers("pads", [0, 0, 0, 0]);
  return sides.map((side, axis) => {
    const covered = (dilations[axis] ?? 1) * ((kernel[axis] ?? 0) - 1) + 1;
    const padded = side + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0);
    return Math.floor((padded - covered) / (strides[axis] ?? 1)) + 1;
  });
}

/** s·(i − 1) + k + output_padding − pads along each side. */
function transposedConvolution(at: Application): Operand {
  const [n, channels, ...sides] = at.image(0);
  const [depth, filters = 0, ...kernel] = at.shape(1);
  const groups = at.number("group", 1);
  at.require(depth === channels, `has filters for ${depth} channels, not ${channels}`);
  requireBias(at, filters * groups);
  const strides = at.numbers("strides", [1, 1]);
  const pads = at.numbers("pads", [0, 0, 0, 0]);
  const more = at.numbers("output_padding", [0, 0]);
  const grown = sides.map((side, axis) => {
    const stretch = (strides[axis] ?? 1) * (side - 1) + (kernel[axis] ?? 0);
    return stretch + (more[axis] ?? 0) - (pads[axis] ?? 0) - (pads[axis + 2] ?? 0);
  });
  return shaped([n, filters * groups, ...grown]);
}

/** A·Bᵀ + C as linear layers are written. */
function product(at: Application): Operand {
  at.require(at.number("transB", 0) === 1 && at.number("transA", 0) === 0, "is no linear layer of dnetc");
  const [rows = 0, depth] = at.shape(0);
  const [features = 0, weights] = at.shape(1);
  at.require(
    at.shape(0).length === 2 && depth === weights,
    `multiplies [${at.shape(0)}] by weights of [${at.shape(1)}]`,
  );
  requireBias(at, features);
  return shaped([rows, features]);
}

function matrixProduct(at: Application): Operand {
  const [left, right] = [at.shape(0), at.shape(1)];
  at.require(left.at(-1) === right.at(-2), `multiplies [${left}] by [${right}]`);
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2), at);
  return shaped([...batch, left.at(-2) ?? 0, right.at(-1) ?? 0]);
}

function pooling(at: Application): Operand {
  const [n, channels, height, width] = at.image(0);
  at.require(at.number("ceil_mode", 0) === 0, "rounds up, which dnetc writes as padding");
  return shaped([n, channels, ...windows(at, at.numbers("kernel_shape", []), [height, width])]);
}

function onePixel(at: Application): Operand {
  const [n, channels] = at.image(0);
  return shaped([n, channels, 1, 1]);
}

/** Up to opset 17 the axes are an attribute. */
function reduction(at: Application): Operand {
  const axes = at.shapes.length > 1 ? at.valuesInside(1) : at.numbers("axes", []);
  at.require(at.number("keepdims", 1) === 1, "drops its axes");
  return shaped(at.shape(0).map((size, axis) => (axes.includes(axis) ? 1 : size)));
}

function concatenation(at: Application): Operand {
  const axis = at.number("axis", 1);
  const [first = [], ...others] = at.shapes;
  for (const other of others) {
    const fits = other.length === first.length && other.every((size, i) => i === axis || size === first[i]);
    at.require(fits, `joins [${first}] and [${other}]`);
  }
  const total = at.shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  return shaped(first.map((size, i) => (i === axis ? total : size)));
}

function flattening(at: Application): Operand {
  at.require(at.number("axis", 1) === 1, "does not keep the batch alone");
  const [n = 0, ...rest] = at.shape(0);
  return shaped([n, elements(rest)]);
}

/** 0 keeps a size, −1 takes what is over. */
function reshaping(at: Application): Operand {
  const asked = at.valuesInside(1).map((size, axis) => (size === 0 ? (at.shape(0)[axis] ?? 0) : size));
  const total = elements(at.shape(0));
  const rest = total / elements(asked.filter((size) => size !== -1));
  const shape = asked.map((size) => (size === -1 ? rest : size));
  at.require(elements(shape) === total, `makes [${shape}] of [${at.shape(0)}]`);
  return shaped(shape);
}

/** Without a permutation, the axes in reverse. */
function transposition(at: Application): Operand {
  const shape = at.shape(0);
  const axes = at.numbers("perm", [...shape.keys()].reverse());
  at.require(String([...axes].sort()) === String([...shape.keys()]), `has no permutation of ${shape.length} axes`);
  return shaped(axes.map((axis) => shape[axis] ?? 0));
}

function unsqueezing(at: Application): Operand {
  const axes = at.valuesInside(1);
  const sizes = [...at.shape(0)];
  return shaped(
    Array.from({ length: sizes.length + axes.length }, (_, i) => (axes.includes(i) ? 1 : (sizes.shift() ?? 0))),
  );
}

/** Channels by their numbers. */
function gathering(at: Application): Operand {
  const axis = at.number("axis", 0);
  const size = at.shape(0)[axis] ?? 0;
  at.require(
    at.values(1).every((index) => index >= 0 && index < size),
    `picks what is not among ${size} channels`,
  );
  return shaped(at.shape(0).map((one, i) => (i === axis ? at.values(1).length : one)));
}

function slicing(at: Application): Operand {
  const [[from = 0], [to = 0], [axis = 0]] = [at.valuesInside(1), at.valuesInside(2), at.valuesInside(3)];
  at.require(from >= 0 && to <= (at.shape(0)[axis] ?? 0), `takes ${from} to ${to} of [${at.shape(0)}]`);
  return shaped(at.shape(0).map((size, i) => (i === axis ? to - from : size)));
}

function padding(at: Application): Operand {
  const { length } = at.shape(0);
  const pads = at.valuesInside(1);
  return shaped(at.shape(0).map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + length] ?? 0)));
}

function resizing(at: Application): Operand {
  const scales = at.valuesInside(2);
  return shaped(at.shape(0).map((size, axis) => Math.floor(size * (scales[axis] ?? 1))));
}

/** NumPy's rule: from the right, sizes of 1 are stretched. */
function broadcast(a: readonly number[], b: readonly number[], at: Application): readonly number[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => {
    const [left, right] = [a[a.length - length + i] ?? 1, b[b.length - length + i] ?? 1];
    at.require(left === right || left === 1 || right === 1, `joins [${a}] and [${b}]`);
    return Math.max(left, right);
  });
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
