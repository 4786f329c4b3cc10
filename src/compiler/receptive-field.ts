import type { Activation, Dim, Op, Padding, Pair } from "./ir.ts";

/**
 * Rows and columns of the image that a pixel of an activation depends on, where the image is large enough: from the
 * first to the last. Null where that is no window of fixed size: behind global pooling it is the whole image.
 */
export type ReceptiveField = Pair | null;

/** For each op the receptive field of its output. */
export function receptiveFields(ops: readonly Op[]): readonly ReceptiveField[] {
  const known = new Map<Activation, readonly [Sight, Sight]>();
  return ops.map((op) => {
    const sights = [sightOf(op, 0, known), sightOf(op, 1, known)] as const;
    known.set(op.output, sights);
    const [rows, columns] = [extentOf(sights[0]), extentOf(sights[1])];
    return rows === null || columns === null ? null : [rows, columns];
  });
}

/**
 * Along one axis: the pixel i = period·n + phase sees the image from `from[phase]` + shift·n to `to[phase]` + shift·n.
 * Pixels differ in phase after an upsampling. A pixel that sees nothing has its `from` above its `to`.
 */
interface Window {
  readonly period: number;
  readonly shift: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Null: no window. */
type Sight = Window | null;
type Axis = 0 | 1;

/** Beyond it, sizes that no network has. */
const longestPeriod = 4096;

function sightOf(op: Op, axis: Axis, known: ReadonlyMap<Activation, readonly [Sight, Sight]>): Sight {
  const sights = op.inputs.map((input) => {
    const isStretched =
      input.shape.length !== op.output.shape.length || (op.kind === "mul" && isStretchedIn(op, input));
    return isStretched ? null : input.maker ? (known.get(input)?.[axis] ?? null) : image;
  });
  const [sight = null] = sights;
  if (sights.length > 1) return sights.reduce(unite);
  return sight && seenThrough(op, axis, sight);
}

const image: Window = { period: 1, shift: 1, from: [0], to: [0] };

function isStretchedIn(op: Op, input: Activation): boolean {
  return input.shape.slice(1).some((size, axis) => size === 1 && op.output.shape[axis + 1] !== 1);
}

/** What a layer of one input makes of it. */
function seenThrough(op: Op, axis: Axis, sight: Window): Sight {
  switch (op.kind) {
    case "conv":
      return slide(sight, op.settings, op.settings.dilation[axis], axis);
    case "maxpool":
    case "avgpool":
      return slide(sight, op.settings, 1, axis);
    case "deconv":
      return spread(sight, op.settings, axis);
    case "upsample": {
      const factor = op.settings.factor[axis];
      return readingEach(sight, sight.period * factor, sight.shift, (at) => [Math.floor(at / factor)]);
    }
    case "pad":
      return readingEach(sight, sight.period, sight.shift, (at) => [at - op.settings.pad[axis]]);
    case "adaptiveavgpool":
      return divideInto(sight, op.settings.size[axis], op.inputs[0]?.shape[axis + 1]);
    case "globalavgpool":
    case "globalmaxpool":
    case "groupnorm":
    case "flatten":
    case "linear":
      return null;
    case "batchnorm":
    case "lrn":
    case "relu":
    case "relu6":
    case "leakyrelu":
    case "silu":
    case "hardswish":
    case "hardsigmoid":
    case "sigmoid":
    case "tanh":
    case "gelu":
    case "softmax":
    case "channelavgpool":
    case "channelmaxpool":
    case "dropout":
    case "droppath":
    case "slice":
    case "scale":
    case "shuffle":
    case "unshuffle":
    case "select":
    case "scatter":
    case "concat":
    case "add":
    case "mean":
    case "mul":
      return sight;
  }
}

interface Sliding {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad: Padding;
}

/** Output i reads the pixels i·stride − pad + dilation·t. */
function slide(sight: Window, { kernel, stride, pad }: Sliding, dilation: number, axis: Axis): Sight {
  const step = stride[axis];
  const shared = greatestCommonDivisor(sight.period, step);
  const taps = Array.from({ length: kernel[axis] }, (_, tap) => dilation * tap - pad[axis]);
  return readingEach(sight, sight.period / shared, (sight.shift * step) / shared, (at) =>
    taps.map((tap) => at * step + tap),
  );
}

/** Output i = j·stride − pad + t is reached from input j by tap t. */
function spread(sight: Window, { kernel, stride, pad }: Sliding, axis: Axis): Sight {
  const step = stride[axis];
  const taps = Array.from({ length: kernel[axis] }, (_, tap) => tap);
  return readingEach(sight, sight.period * step, sight.shift, (at) =>
    taps.map((tap) => (at + pad[axis] - tap) / step).filter(Number.isInteger),
  );
}

/** Window i of `count` covers ⌊i·size/count⌋ up to ⌈(i+1)·size/count⌉. */
function divideInto(sight: Window, count: number, size: Dim | undefined): Sight {
  if (typeof size !== "number" || count === 1) return null;
  const shared = greatestCommonDivisor(size, count);
  const stride = size / shared;
  const phases = (count / shared) * (sight.period / greatestCommonDivisor(sight.period, stride));
  const shift = (sight.shift * ((phases * size) / count)) / sight.period;
  return readingEach(sight, phases, shift, (at) => [
    Math.floor((at * size) / count),
    Math.ceil(((at + 1) * size) / count) - 1,
  ]);
}

/** `readsAt` lists the pixels that an output reads, at least the outermost. */
function readingEach(sight: Window, period: number, shift: number, readsAt: (at: number) => readonly number[]): Sight {
  if (period > longestPeriod) return null;
  const from: number[] = [];
  const to: number[] = [];
  for (let at = 0; at < period; at++) {
    let [first, last] = [Infinity, -Infinity];
    for (const read of readsAt(at)) {
      const turns = Math.floor(read / sight.period);
      const phase = read - turns * sight.period;
      first = Math.min(first, (sight.from[phase] as number) + turns * sight.shift);
      last = Math.max(last, (sight.to[phase] as number) + turns * sight.shift);
    }
    from.push(first);
    to.push(last);
  }
  return { period, shift, from, to };
}

/** Of two inputs of a join. */
function unite(a: Sight, b: Sight): Sight {
  if (!a || !b) return null;
  const period = (a.period / greatestCommonDivisor(a.period, b.period)) * b.period;
  const shift = (a.shift * period) / a.period;
  if (period > longestPeriod || shift !== (b.shift * period) / b.period) return null;
  const [left, right] = [a, b].map((one) => readingEach(one, period, shift, (at) => [at]) as Window);
  return {
    period,
    shift,
    from: (left as Window).from.map((first, phase) => Math.min(first, right?.from[phase] as number)),
    to: (left as Window).to.map((last, phase) => Math.max(last, right?.to[phase] as number)),
  };
}

function extentOf(sight: Sight): number | null {
  if (!sight) return null;
  return sight.from.reduce((most, first, phase) => Math.max(most, (sight.to[phase] as number) - first + 1), 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
