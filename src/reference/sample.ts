/** The values of one sample of a batch, row-major: [c] or [c, h, w]. */
export interface Sample {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface Sides {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** height · width */
  readonly pixels: number;
}

/** A row of features has one pixel. */
export function sidesOf([channels = 1, height = 1, width = 1]: readonly number[]): Sides {
  return { channels, height, width, pixels: height * width };
}

export function zeros(shape: readonly number[]): Sample {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/** The values of channel `channel`, in the memory of `sample`. */
export function plane({ data, shape }: Sample, channel: number): Float64Array {
  const { pixels } = sidesOf(shape);
  return data.subarray(channel * pixels, (channel + 1) * pixels);
}
