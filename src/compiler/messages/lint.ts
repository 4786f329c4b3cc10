import { listing, plural } from "./wording.ts";

/** What `--lint` says: right, and yet slow, wasted or seldom meant. Each holds whatever the weights are. */
export const lintMessages = {
  "lint-width-multiple": {
    severity: "warning",
    message: ({ widths }: Widths) =>
      widths.length === 1
        ? `${widths[0]} channels are not a multiple of 16`
        : `${listing(shortened(widths))} channels are not multiples of 16`,
    help: ({ widths: [width = 0] }: Widths) =>
      `tensor cores and SIMD units work on 16 channels at a time: ${roundedUp(width)} take no longer than ${width}`,
  },
  "lint-conv-cuts": {
    severity: "warning",
    message: ({ cuts }: { cuts: readonly string[] }) => `this convolution leaves out the last ${listing(cuts)}`,
    help: () => "with `pad = same` the windows reach every pixel; or choose a size that the stride divides",
  },
  "lint-bare-conv": {
    severity: "warning",
    message: ({ kind }: Convolution) => `this ${kind} has no bias, and no normalisation follows that would shift it`,
    help: () => "put `batchnorm` after it, or write `bias = true`",
  },
  "lint-bias-before-norm": {
    severity: "warning",
    message: ({ kind }: Bias) => `batchnorm takes away the bias of this ${kind} with the mean of each channel`,
    help: ({ kind, parameters }: Bias) =>
      `${kind === "linear" ? "write `bias = false`" : "leave out `bias = true`"}: ${plural(parameters, "parameter")} less, and the same network`,
  },
  "lint-idle-activation": {
    severity: "warning",
    message: ({ kind, maker, range }: { kind: string; maker: string; range: string }) =>
      `this ${kind} changes nothing: what ${maker} makes is ${range} already`,
    help: () => "take one of the two away",
  },
  "lint-norm-twice": {
    severity: "warning",
    message: () => "batchnorm of what batchnorm has normalised",
    help: () => "take one of the two away; `dense` and `transition` begin with a batchnorm of their own",
  },
  "lint-idle-taps": {
    severity: "warning",
    message: ({ met, taps, image }: Taps) =>
      `only ${met} of the ${taps} weights of each kernel ever meet the image, which is ${image}; the others see padding`,
    help: () => "take a smaller kernel, or make the image small later",
  },
} as const;

export interface Widths {
  /** From the least. */
  readonly widths: readonly number[];
}

export interface Convolution {
  readonly kind: "conv" | "deconv";
}

export interface Bias {
  readonly kind: "conv" | "deconv" | "linear";
  readonly parameters: number;
}

export interface Taps {
  readonly met: number;
  readonly taps: number;
  /** Height × width. */
  readonly image: string;
}

function shortened(widths: readonly number[]): readonly (number | string)[] {
  return widths.length > 6 ? [...widths.slice(0, 5), `${widths.length - 5} more widths of`] : widths;
}

function roundedUp(width: number): number {
  return Math.ceil(width / 16) * 16;
}
