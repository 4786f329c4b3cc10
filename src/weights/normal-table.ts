/**
 * The inverse of the normal distribution as a table of cubics, made with the basic IEEE operations and square
 * roots alone: these are exactly rounded everywhere, so the table has the same bits on every machine, which
 * `Math.log` and `Math.exp` do not promise.
 *
 * A 31-bit integer m stands for the probability p = (m + ½) / 2^32 of the upper half, and its quantile is the x
 * with P(X > x) = p. An octave holds the m with the same number of leading zeros; each is cut into 16 cells.
 */

const cellsOfOctave = 16;
/** Octave z − 1 holds the m with z leading zeros of 32, z = 1 … 32; the last one holds m = 0 alone. */
const octaves = 32;
/** The middle of a cell, as a position in it. */
const halfCell = 0x400_0000;
/** The ½ of m + ½, as a probability. */
const half = 0.5 / 0x1_0000_0000;

type Cubic = readonly [number, number, number, number];

/** Four coefficients a cell, constant first, of a cubic in the position t = 0 … 2^27 − 1. */
export function normalTable(): Float64Array {
  const table = new Float64Array(octaves * cellsOfOctave * 4);
  let guess = 0;
  let width = 0.25 / cellsOfOctave;
  for (let octave = 0; octave < octaves - 1; octave++) {
    for (let cell = cellsOfOctave - 1; cell >= 0; cell--) {
      const x = upperQuantile((cellsOfOctave + cell + 0.5) * width + half, guess);
      const cubic = cubicAround(x, width / 2);
      table.set(cubic, (octave * cellsOfOctave + cell) * 4);
      guess = valueAt(cubic, -halfCell);
    }
    width /= 2;
  }
  table[(octaves - 1) * cellsOfOctave * 4] = upperQuantile(half, guess);
  return table;
}

/**
 * The cubic of a cell whose middle has quantile x and which reaches `radius` to both sides in p: Taylor's series in
 * s = (p − middle)/radius from x′ = −1/φ(x), x″ = x·x′², x‴ = (1 + 2x²)·x′³, x⁗ = (7x + 6x³)·x′⁴, its s⁴ replaced by
 * s² − ⅛ (they differ by the Chebyshev polynomial T₄/8, so the error is spread evenly), then s = 2t/2^27 − 1.
 */
function cubicAround(x: number, radius: number): Cubic {
  const slope = -radius / densityAt(x);
  const quartic = ((x * (7 + 6 * x * x)) / 24) * slope * slope * slope * slope;
  const cubic = ((1 + 2 * x * x) / 6) * slope * slope * slope;
  const square = (x / 2) * slope * slope + quartic;
  const constant = x - quartic / 8;
  return [
    constant - slope + square - cubic,
    (slope - 2 * square + 3 * cubic) / halfCell,
    (square - 3 * cubic) / halfCell / halfCell,
    cubic / halfCell / halfCell / halfCell,
  ];
}

function valueAt([c0, c1, c2, c3]: Cubic, t: number): number {
  return c0 + t * (c1 + t * (c2 + t * c3));
}

/**
 * The x with P(X > x) = p, from a guess nearby: Newton's method with the second-order term (the density has
 * φ′ = −x·φ), each step of which cubes the error; so one below 1e-4 is the last.
 */
function upperQuantile(p: number, guess: number): number {
  let x = guess;
  let move: number;
  do {
    const density = densityAt(x);
    move = (upperTail(x, density) - p) / density;
    x += move * (1 + (x * move) / 2);
  } while (Math.abs(move) > 1e-4);
  return x;
}

/** φ(x) */
function densityAt(x: number): number {
  return exponential((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * P(X > x) for x ≥ 0. Near the middle ½ − φ(x)·(x + x³/3 + x⁵/(3·5) + …); further out Laplace's continued
 * fraction φ(x) / (x + 1/(x + 2/(x + 3/…))).
 */
function upperTail(x: number, density: number): number {
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 3; term > sum * 1e-17; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let k = 24; k > 0; k--) fraction = x + k / fraction;
  return density / fraction;
}

/** e^y for −21 ≤ y ≤ 0: ten terms of the series at y/256, squared eight times. */
function exponential(y: number): number {
  const small = y / 256;
  let sum = 1;
  for (let k = 10; k > 0; k--) sum = 1 + (small / k) * sum;
  for (let square = 0; square < 8; square++) sum *= sum;
  return sum;
}
