/**
 * erfc(x) = 1 − erf(x), to about 1e-14 of its value: by the series of erf near 0, by the continued fraction of erfc in
 * the tails, where 1 − erf would cancel. (Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.6, 7.1.14.)
 */
export function errorFunctionComplement(x: number): number {
  if (x < -border) return 2 - tail(-x);
  return x > border ? tail(x) : 1 - series(x);
}

const border = 1.25;

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1)/(1·3·…·(2n+1)); all terms have one sign. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
}

/** √π · e^(x²) · erfc(x) = 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the inside. */
function tail(x: number): number {
  let fraction = x;
  for (let n = depth; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** Enough for 1e-16 from `border` on. */
const depth = 300;
