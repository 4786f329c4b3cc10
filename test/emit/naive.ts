import type { OpOf } from "../../src/compiler/ir.ts";

/** One sample: [c] or [c, h, w], row-major. The functions below are the definitions, written as plainly as can be. */
export interface Sample {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type Data = ArrayLike<number>;

const at = (data: Data, i: number) => data[i] as number;

export function sized({ shape }: Sample) {
  const [channels = 1, height = 1, width = 1] = shape;
  return { channels, height, width };
}

export function pixel(x: Sample, c: number, i: number, j: number): number {
  const { height, width } = sized(x);
  return at(x.data, (c * height + i) * width + j);
}

function image(
  channels: number,
  height: number,
  width: number,
  value: (c: number, i: number, j: number) => number,
): Sample {
  const data: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) data.push(value(c, i, j));
  }
  return { shape: [channels, height, width], data };
}

export function each(x: Sample, f: (value: number) => number): Sample {
  return { shape: x.shape, data: x.data.map((value) => f(value)) };
}

export function zip(x: Sample, y: Sample, f: (a: number, b: number) => number): Sample {
  return { shape: x.shape, data: x.data.map((value, i) => f(value, at(y.data, i))) };
}

const inside = (x: Sample, i: number, j: number) => i >= 0 && j >= 0 && i < sized(x).height && j < sized(x).width;

export function conv(
  x: Sample,
  s: OpOf<"conv">["settings"],
  shape: readonly number[],
  weight: Data,
  bias?: Data,
): Sample {
  const [, height = 1, width = 1] = shape;
  const [kh, kw] = s.kernel;
  const [from, to] = [s.inChannels / s.groups, s.channels / s.groups];
  return image(s.channels, height, width, (o, i, j) => {
    let sum = bias ? at(bias, o) : 0;
    for (let c = 0; c < from; c++) {
      for (let u = 0; u < kh; u++) {
        for (let v = 0; v < kw; v++) {
          const [row, column] = [
            i * s.stride[0] - s.pad[0] + u * s.dilation[0],
            j * s.stride[1] - s.pad[1] + v * s.dilation[1],
          ];
          if (!inside(x, row, column)) continue;
          sum += pixel(x, Math.floor(o / to) * from + c, row, column) * at(weight, ((o * from + c) * kh + u) * kw + v);
        }
      }
    }
    return sum;
  });
}

/** Every input pixel lays a copy of the kernel onto the output. */
export function deconv(
  x: Sample,
  s: OpOf<"deconv">["settings"],
  shape: readonly number[],
  weight: Data,
  bias?: Data,
): Sample {
  const [, height = 1, width = 1] = shape;
  const [kh, kw] = s.kernel;
  const [from, to] = [s.inChannels / s.groups, s.channels / s.groups];
  const data = Array.from({ length: s.channels * height * width }, (_, i) =>
    bias ? at(bias, Math.floor(i / (height * width))) : 0,
  );
  const { height: rows, width: columns } = sized(x);
  for (let c = 0; c < s.inChannels; c++) {
    for (let i = 0; i < rows * columns; i++) {
      for (let k = 0; k < to * kh * kw; k++) {
        const o = Math.floor(c / from) * to + Math.floor(k / (kh * kw));
        const row = Math.floor(i / columns) * s.stride[0] - s.pad[0] + (Math.floor(k / kw) % kh);
        const column = (i % columns) * s.stride[1] - s.pad[1] + (k % kw);
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const place = (o * height + row) * width + column;
        data[place] = at(data, place) + at(x.data, c * rows * columns + i) * at(weight, c * to * kh * kw + k);
      }
    }
  }
  return { shape, data };
}

export function linear(x: Sample, features: number, weight: Data, bias?: Data): Sample {
  const data = Array.from({ length: features }, (_, o) => {
    return x.data.reduce((sum, value, i) => sum + value * at(weight, o * x.data.length + i), bias ? at(bias, o) : 0);
  });
  return { shape: [features], data };
}

export function batchnorm(x: Sample, eps: number, mean: Data, variance: Data, weight?: Data, bias?: Data): Sample {
  const pixels = x.data.length / sized(x).channels;
  const data = x.data.map((value, i) => {
    const c = Math.floor(i / pixels);
    const normal = (value - at(mean, c)) / Math.sqrt(at(variance, c) + eps);
    return weight && bias ? normal * at(weight, c) + at(bias, c) : normal;
  });
  return { shape: x.shape, data };
}

export function groupnorm(x: Sample, groups: number, eps: number, weight: Data, bias: Data): Sample {
  const size = x.data.length / groups;
  const pixels = x.data.length / sized(x).channels;
  const data = x.data.map((value, i) => {
    const group = x.data.slice(Math.floor(i / size) * size, Math.floor(i / size) * size + size);
    const mean = group.reduce((sum, one) => sum + one, 0) / size;
    const variance = group.reduce((sum, one) => sum + (one - mean) ** 2, 0) / size;
    const c = Math.floor(i / pixels);
    return ((value - mean) / Math.sqrt(variance + eps)) * at(weight, c) + at(bias, c);
  });
  return { shape: x.shape, data };
}

export function lrn(x: Sample, { size, alpha, beta, bias }: OpOf<"lrn">["settings"]): Sample {
  const { channels, height, width } = sized(x);
  return image(channels, height, width, (c, i, j) => {
    let squares = 0;
    for (let k = c - Math.floor((size - 1) / 2); k <= c + Math.ceil((size - 1) / 2); k++) {
      if (k >= 0 && k < channels) squares += pixel(x, k, i, j) ** 2;
    }
    return pixel(x, c, i, j) / (bias + (alpha / size) * squares) ** beta;
  });
}

type Pool = OpOf<"maxpool">["settings"] & { readonly countpad?: boolean };

/** As PyTorch has it: the divisor of a mean counts declared padding, but not what `ceil` adds. */
export function pool(x: Sample, s: Pool, shape: readonly number[], mean: boolean): Sample {
  const [channels = 1, height = 1, width = 1] = shape;
  const size = sized(x);
  return image(channels, height, width, (c, i, j) => {
    const seen: number[] = [];
    let counted = 0;
    for (let u = 0; u < s.kernel[0]; u++) {
      for (let v = 0; v < s.kernel[1]; v++) {
        const [row, column] = [i * s.stride[0] - s.pad[0] + u, j * s.stride[1] - s.pad[1] + v];
        if (inside(x, row, column)) seen.push(pixel(x, c, row, column));
        if (row < size.height + s.pad[2] && column < size.width + s.pad[3]) counted++;
      }
    }
    if (!mean) return Math.max(...seen);
    return seen.reduce((sum, value) => sum + value, 0) / (s.countpad ? counted : seen.length);
  });
}

/** PyTorch's windows ⌊o·in/out⌋ up to ⌈(o + 1)·in/out⌉. */
export function adaptive(x: Sample, [rows, columns]: readonly [number, number]): Sample {
  const { channels, height, width } = sized(x);
  return image(channels, rows, columns, (c, o, p) => {
    let [sum, count] = [0, 0];
    for (let i = Math.floor((o * height) / rows); i < Math.ceil(((o + 1) * height) / rows); i++) {
      for (let j = Math.floor((p * width) / columns); j < Math.ceil(((p + 1) * width) / columns); j++) {
        sum += pixel(x, c, i, j);
        count++;
      }
    }
    return sum / count;
  });
}

export function overChannels(x: Sample, f: (values: readonly number[]) => number): Sample {
  const { channels, height, width } = sized(x);
  return image(1, height, width, (_, i, j) => f(Array.from({ length: channels }, (_, c) => pixel(x, c, i, j))));
}

export function softmax(x: Sample): Sample {
  const { height, width } = sized(x);
  const sums = overChannels(x, (values) => values.reduce((sum, value) => sum + Math.exp(value), 0));
  return { shape: x.shape, data: x.data.map((value, i) => Math.exp(value) / at(sums.data, i % (height * width))) };
}

export function upsample(x: Sample, [fh, fw]: readonly [number, number]): Sample {
  const { channels, height, width } = sized(x);
  return image(channels, height * fh, width * fw, (c, i, j) => pixel(x, c, Math.floor(i / fh), Math.floor(j / fw)));
}

export function pad(x: Sample, s: OpOf<"pad">["settings"]): Sample {
  const { channels, height, width } = sized(x);
  const [top, left, bottom, right] = s.pad;
  return image(channels + s.channels[0] + s.channels[1], height + top + bottom, width + left + right, (c, i, j) => {
    const from = c - s.channels[0];
    return from >= 0 && from < channels && inside(x, i - top, j - left) ? pixel(x, from, i - top, j - left) : 0;
  });
}

/** Output channel c is input channel `sources[c]`. */
export function channels(x: Sample, sources: readonly number[]): Sample {
  const pixels = x.data.length / sized(x).channels;
  const data = sources.flatMap((source) => x.data.slice(source * pixels, (source + 1) * pixels));
  return { shape: [sources.length, ...x.shape.slice(1)], data };
}

/** Through the five dimensions of the definition: [groups, c/groups, …] turned to [c/groups, groups, …]. */
export function shuffle(x: Sample, groups: number): Sample {
  const size = sized(x).channels / groups;
  const sources: number[] = [];
  for (let k = 0; k < size; k++) for (let g = 0; g < groups; g++) sources.push(g * size + k);
  return channels(x, sources);
}

export function unshuffle(x: Sample, groups: number): Sample {
  const size = sized(x).channels / groups;
  const sources: number[] = [];
  for (let g = 0; g < groups; g++) for (let k = 0; k < size; k++) sources.push(k * groups + g);
  return channels(x, sources);
}

export function scatter(x: Sample, to: number, index: Data): Sample {
  const { height, width, channels: from } = sized(x);
  return image(to, height, width, (o, i, j) => {
    let sum = 0;
    for (let c = 0; c < from; c++) sum += pixel(x, c, i, j) * at(index, c * to + o);
    return sum;
  });
}

/** Stretches [c], [c, 1, 1] and [1, h, w] over `shape`. */
export function stretch(x: Sample, [c = 1, h = 1, w = 1]: readonly number[]): Sample {
  const size = sized(x);
  return image(c, h, w, (k, i, j) =>
    pixel(x, size.channels === 1 ? 0 : k, size.height === 1 ? 0 : i, size.width === 1 ? 0 : j),
  );
}

/** The error function by its series; exact to 1e-12 for |x| < 4. */
export function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
